variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "size" {
  description = "small or standard."
  type        = string
}

variable "network" {
  description = "The network its private address is in."
  type        = string
}

variable "readers" {
  description = "The members that read its password, by a name of ours."
  type        = map(string)
}

variable "password_version" {
  description = "Another number is another password."
  type        = number
}

variable "deletion_protection" {
  description = "Whether it withstands being destroyed."
  type        = bool
}

output "instance" {
  value = google_sql_database_instance.this.name
}

# Without the password, which the application takes from the secret.
output "url" {
  value = "postgresql://${local.user}@${google_sql_database_instance.this.private_ip_address}/${google_sql_database.this.name}?sslmode=require"
}

output "password" {
  description = "The secret's name and the version the service reads."
  value = {
    secret  = google_secret_manager_secret.password.secret_id
    version = google_secret_manager_secret_version.password.version
  }
}

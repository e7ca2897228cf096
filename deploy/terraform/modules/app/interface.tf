variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "image" {
  description = "The application by digest; later ones are deployed by Cloud Build."
  type        = string
}

variable "size" {
  description = "small or standard."
  type        = string
}

variable "accounts" {
  description = "E-mail addresses of the service accounts."
  type        = object({ application = string, migrator = string, scheduler = string, deployer = string })
}

variable "network" {
  description = "Where the database is reached."
  type        = object({ network = string, subnetwork = string })
}

variable "database" {
  description = "Its URL without the password, and the secret that holds it."
  type        = object({ url = string, password = object({ secret = string, version = string }) })
}

variable "pictures" {
  description = "Where pictures are kept: gs://BUCKET/PREFIX."
  type        = string
}

variable "retention_days" {
  description = "How old records and pictures become."
  type        = number
}

variable "settings" {
  description = "Further VISIONTOOLS_* variables: model servers and guard. Nothing secret."
  type        = map(string)
}

variable "public_hosts" {
  description = "Names it answers for beside its own."
  type        = list(string)
}

variable "iap_members" {
  description = "Who may use it."
  type        = set(string)
}

output "service" {
  value = google_cloud_run_v2_service.this.name
}

output "url" {
  value = "https://${local.host}"
}

output "migration_job" {
  value = google_cloud_run_v2_job.this["migrate"].name
}

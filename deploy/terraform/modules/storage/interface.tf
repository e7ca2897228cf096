variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "application" {
  description = "The member that keeps, reads and deletes pictures."
  type        = string
}

variable "retention_days" {
  description = "How old pictures become."
  type        = number
}

variable "deletion_protection" {
  description = "Whether the bucket withstands being destroyed with pictures in it."
  type        = bool
}

output "bucket" {
  value = google_storage_bucket.pictures.name
}

# As the application's setting 'pictures' takes it.
output "pictures" {
  value = "gs://${google_storage_bucket.pictures.name}/${trimsuffix(local.kept, "/")}"
}

variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "deployer" {
  description = "The account Cloud Build runs as: its address and its whole name."
  type        = object({ email = string, name = string })
}

variable "acts_as" {
  description = "Whole names of the accounts that what it deploys runs as, by a name of ours."
  type        = map(string)
}

variable "repository" {
  description = "The connected repository; empty: no trigger."
  type        = string
}

variable "branch" {
  description = "The branch whose commits are released."
  type        = string
}

output "registry" {
  value = "${var.place.region}-docker.pkg.dev/${var.place.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "sources" {
  value = google_storage_bucket.sources.url
}

output "trigger" {
  value = one(google_cloudbuild_trigger.release[*].id)
}

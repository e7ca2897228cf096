variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "role" {
  description = "What it is for: model or guard."
  type        = string
}

variable "model" {
  description = "Name of the model, as its folder in the bucket says."
  type        = string
}

variable "image" {
  description = "'transformers serve' by digest; empty: the bucket only."
  type        = string
}

variable "gpu" {
  description = "The kind of GPU, as Cloud Run names it."
  type        = string
}

variable "account" {
  description = "E-mail address of the account it runs as."
  type        = string
}

output "endpoint" {
  description = "The application's endpoint for it."
  value = {
    profile = "transformers_serve"
    url     = "https://${local.name}-${var.place.number}.${var.place.region}.run.app/v1"
    model   = var.model
    # Waking up is within the first question's time.
    deadline_s  = 600
    concurrency = 4
  }
}

output "weights" {
  value = google_storage_bucket.weights.url
}

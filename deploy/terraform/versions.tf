# State is kept in a bucket; its name is given when this root is set up:
#   terraform init -backend-config=bucket=BUCKET -backend-config=prefix=visiontools
terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 8.7"
    }
  }

  backend "gcs" {}
}

provider "google" {
  project               = var.project
  region                = var.region
  billing_project       = var.project
  user_project_override = true # the budget's API counts against a project
  default_labels        = { application = var.name }
}

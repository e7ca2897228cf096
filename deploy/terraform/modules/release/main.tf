# Where images are kept, and what Cloud Build may do with them.
resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:images hold no data; Google encrypts them with keys of its own
  repository_id = var.place.name
  location      = var.place.region
  format        = "DOCKER"
  description   = "Images of ${var.place.name}, named by digest."

  docker_config {
    immutable_tags = true
  }

  # The last ten stay whatever their age, so that there is a way back; what is newer than a month
  # stays, too.
  cleanup_policies {
    id     = "keep-the-last"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"
    condition {
      older_than = "2592000s"
    }
  }
}

resource "google_artifact_registry_repository_iam_member" "deployer" {
  repository = google_artifact_registry_repository.images.name
  location   = var.place.region
  role       = "roles/artifactregistry.writer"
  member     = local.deployer
}

# What 'gcloud builds submit' sends: --gcs-source-staging-dir=gs://BUCKET/source.
resource "google_storage_bucket" "sources" {
  #checkov:skip=CKV_GCP_78:copies of a repository that has its own history
  #checkov:skip=CKV_GCP_62:Cloud Build's own history says what was built from it
  name                        = "${var.place.project}-${var.place.name}-sources"
  location                    = var.place.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # copies of a repository

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age = 7
    }
  }
}

resource "google_storage_bucket_iam_member" "deployer" {
  bucket = google_storage_bucket.sources.name
  role   = "roles/storage.objectViewer"
  member = local.deployer
}

locals {
  deployer = "serviceAccount:${var.deployer.email}"
  # Reading what runs, writing the build's log, and scanning: what has no narrower place to be
  # allowed on than the project. Deploying is allowed on service and jobs themselves.
  roles = toset(["roles/logging.logWriter", "roles/ondemandscanning.admin", "roles/run.viewer"])
}

resource "google_project_iam_member" "deployer" {
  for_each = local.roles
  project  = var.place.project
  role     = each.value
  member   = local.deployer
}

# A revision runs as its account, which only who may act as it can deploy.
resource "google_service_account_iam_member" "acts_as" {
  for_each           = var.acts_as
  service_account_id = each.value
  role               = "roles/iam.serviceAccountUser"
  member             = local.deployer
}

# The smoke test comes in through IAP with a token it signs as itself; there is no key.
resource "google_service_account_iam_member" "signs" {
  service_account_id = var.deployer.name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.deployer
}

resource "google_cloudbuild_trigger" "release" {
  count           = var.repository == "" ? 0 : 1
  name            = "${var.place.name}-release"
  location        = var.place.region
  description     = "Tests, builds, scans and releases commits on ${var.branch}."
  filename        = "deploy/cloudbuild.yaml"
  service_account = var.deployer.name
  substitutions   = { _REGION = var.place.region, _NAME = var.place.name }

  repository_event_config {
    repository = var.repository
    push {
      branch = "^${replace(var.branch, ".", "\\.")}$"
    }
  }
}

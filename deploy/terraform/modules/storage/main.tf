# Pictures: those that are kept, by the same rules as 'visiontools records lifecycle' prints, and
# those that pass through on their way to Vertex AI and are left behind by a crash.
locals {
  kept    = "kept/"
  passing = "visiontools-pictures/"
}

resource "google_storage_bucket" "pictures" {
  #checkov:skip=CKV_GCP_78:what a person deletes must be gone, and versions would keep it
  #checkov:skip=CKV_GCP_62:a log of who looked at whose picture would be one more thing to delete; turn on Cloud Audit Logs where you need one
  name                        = "${var.place.project}-${var.place.name}-pictures"
  location                    = var.place.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !var.deletion_protection

  # What is deleted is gone: no copies for a while.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  # A day after 'visiontools records prune', counted from the last run that kept the picture.
  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_custom_time = var.retention_days + 1
      matches_prefix         = [local.kept]
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      days_since_noncurrent_time = 1
      matches_prefix             = [local.kept]
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age            = 1
      matches_prefix = [local.kept]
    }
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      age            = 1
      matches_prefix = [local.passing]
    }
  }
}

resource "google_storage_bucket_iam_member" "application" {
  bucket = google_storage_bucket.pictures.name
  role   = "roles/storage.objectUser"
  member = var.application
}

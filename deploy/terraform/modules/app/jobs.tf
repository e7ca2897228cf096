# What is done beside serving: the tables are upgraded before a release, and what is too old is
# deleted every night.
locals {
  jobs = {
    migrate = { account = var.accounts.migrator, arguments = ["database", "upgrade"] }
    prune   = { account = var.accounts.application, arguments = ["records", "prune", "--yes"] }
  }
}

resource "google_cloud_run_v2_job" "this" {
  for_each            = local.jobs
  name                = "${var.place.name}-${each.key}"
  location            = var.place.region
  deletion_protection = false

  template {
    template {
      service_account = each.value.account
      timeout         = "1800s"
      max_retries     = 1

      vpc_access {
        egress = "PRIVATE_RANGES_ONLY"
        network_interfaces {
          network    = var.network.network
          subnetwork = var.network.subnetwork
        }
      }

      containers {
        image   = var.image
        command = ["visiontools"]
        args    = each.value.arguments

        resources {
          limits = { cpu = "1", memory = "1Gi" }
        }

        dynamic "env" {
          for_each = local.kept
          content {
            name  = env.key
            value = env.value
          }
        }

        env {
          name = "PGPASSWORD"
          value_source {
            secret_key_ref {
              secret  = var.database.password.secret
              version = var.database.password.version
            }
          }
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [template[0].template[0].containers[0].image, client, client_version]
  }
}

resource "google_cloud_run_v2_job_iam_member" "nightly" {
  name     = google_cloud_run_v2_job.this["prune"].name
  location = var.place.region
  role     = "roles/run.invoker"
  member   = "serviceAccount:${var.accounts.scheduler}"
}

resource "google_cloud_scheduler_job" "nightly" {
  name             = "${var.place.name}-prune"
  region           = var.place.region
  description      = "Deletes records and pictures older than ${var.retention_days} days."
  schedule         = "30 2 * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "180s"

  retry_config {
    retry_count = 3
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.this["prune"].id}:run"

    oauth_token {
      service_account_email = var.accounts.scheduler
    }
  }
}

# Cloud Build upgrades the database and deploys: these two, and no other service or job.
resource "google_cloud_run_v2_service_iam_member" "deployer" {
  name     = google_cloud_run_v2_service.this.name
  location = var.place.region
  role     = "roles/run.developer"
  member   = "serviceAccount:${var.accounts.deployer}"
}

resource "google_cloud_run_v2_job_iam_member" "deployer" {
  for_each = google_cloud_run_v2_job.this
  name     = each.value.name
  location = var.place.region
  role     = "roles/run.developer"
  member   = "serviceAccount:${var.accounts.deployer}"
}

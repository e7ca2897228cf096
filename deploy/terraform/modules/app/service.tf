# The service: everybody comes in through IAP, and nobody round it.
locals {
  standard = var.size == "standard"
  host     = "${var.place.name}-${var.place.number}.${var.place.region}.run.app"

  # benchmarks/README.md: 200 people at work at once in one process on two cores were all answered,
  # the server taking up to 35 % of one core. Half the cores, half the people; the picture worker and
  # the built-in reader need the rest. The smallest database takes 25 connections, each process five:
  # there must be room for a release and a job beside those who serve.
  scale = local.standard ? { cpu = "2", memory = "4Gi", workers = "2", people = 200, min = 1, max = 8 } : { cpu = "1", memory = "2Gi", workers = "1", people = 100, min = 0, max = 2 }
}

resource "google_cloud_run_v2_service" "this" {
  name                = var.place.name
  location            = var.place.region
  ingress             = "INGRESS_TRAFFIC_ALL"
  iap_enabled         = true
  deletion_protection = false # holds nothing: all data is in database and bucket

  template {
    service_account                  = var.accounts.application
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    session_affinity                 = true
    timeout                          = "3600s" # as long as Cloud Run lets the chat's WebSockets live
    max_instance_request_concurrency = local.scale.people

    scaling {
      min_instance_count = local.scale.min
      max_instance_count = local.scale.max
    }

    vpc_access {
      egress = "PRIVATE_RANGES_ONLY"
      network_interfaces {
        network    = var.network.network
        subnetwork = var.network.subnetwork
      }
    }

    containers {
      image = var.image

      ports {
        container_port = 8080
      }

      resources {
        limits            = { cpu = local.scale.cpu, memory = local.scale.memory }
        cpu_idle          = !local.standard # billed by request, or by the instance's life
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = local.settings
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

      startup_probe {
        http_get {
          path = "/readyz" # nobody is sent here before the database answers
        }
        period_seconds    = 3
        timeout_seconds   = 3
        failure_threshold = 40
      }

      liveness_probe {
        http_get {
          path = "/healthz"
        }
        period_seconds    = 15
        timeout_seconds   = 5
        failure_threshold = 3
      }
    }
  }

  # Releases are Cloud Build's: which image runs, and who is sent to which revision. A change of
  # anything else here makes a revision that the next release, or the operator, sends people to.
  lifecycle {
    ignore_changes = [template[0].containers[0].image, template[0].revision, traffic, client, client_version]
  }
}

locals {
  # Where things are kept, and how long: the service and its jobs must not differ in it.
  kept = {
    VISIONTOOLS_DATABASE         = var.database.url
    VISIONTOOLS_DATABASE_UPGRADE = "manual"
    VISIONTOOLS_PICTURES         = var.pictures
    VISIONTOOLS_RETENTION_DAYS   = tostring(var.retention_days)
  }

  settings = merge(var.settings, local.kept, {
    GOOGLE_CLOUD_PROJECT           = var.place.project
    VISIONTOOLS_PICTURE_WORKERS    = local.scale.workers
    VISIONTOOLS_WEB__SIGN_IN       = "iap"
    VISIONTOOLS_WEB__IAP__AUDIENCE = "/projects/${var.place.number}/locations/${var.place.region}/services/${var.place.name}"
    # 'candidate' is the tag under which a release is tried before anybody is sent to it.
    VISIONTOOLS_WEB__PUBLIC_HOSTS = jsonencode(concat([local.host, "candidate---${local.host}"], var.public_hosts))
  })
}

# IAP lets people in and calls the service for them; nobody else may call it.
resource "google_cloud_run_v2_service_iam_member" "iap" {
  name     = google_cloud_run_v2_service.this.name
  location = var.place.region
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${var.place.number}@gcp-sa-iap.iam.gserviceaccount.com"
}

resource "google_iap_web_cloud_run_service_iam_member" "people" {
  for_each               = var.iap_members
  cloud_run_service_name = google_cloud_run_v2_service.this.name
  location               = var.place.region
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = each.value
}

# For the smoke test of a release.
resource "google_iap_web_cloud_run_service_iam_member" "deployer" {
  cloud_run_service_name = google_cloud_run_v2_service.this.name
  location               = var.place.region
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = "serviceAccount:${var.accounts.deployer}"
}

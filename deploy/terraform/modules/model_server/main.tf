# A Llama of our own behind 'transformers serve' on one GPU: reached from this network only, weights
# from a bucket, asleep when unused. docs/terraform.md reckons how long it takes to wake up.
locals {
  # The least Cloud Run takes for each GPU, or a little more; L4's 24 GB hold 11B in 4 bits only.
  gpus = {
    nvidia-rtx-pro-6000 = { cpu = "20", memory = "80Gi", options = ["--dtype", "bfloat16"] }
    nvidia-l4           = { cpu = "8", memory = "32Gi", options = ["--dtype", "bfloat16", "--quantization", "bnb-4bit"] }
  }
  gpu    = local.gpus[var.gpu]
  name   = "${var.place.name}-${var.role}"
  folder = "/models"
}

resource "google_storage_bucket" "weights" {
  #checkov:skip=CKV_GCP_78:published weights, which can be fetched again
  #checkov:skip=CKV_GCP_62:only the model server reads it, and holds nothing of anybody
  name                        = "${var.place.project}-${local.name}-weights"
  location                    = var.place.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = true # can be fetched again from where they came from

  soft_delete_policy {
    retention_duration_seconds = 0
  }
}

resource "google_storage_bucket_iam_member" "server" {
  bucket = google_storage_bucket.weights.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${var.account}"
}

resource "google_cloud_run_v2_service" "this" {
  count               = var.image == "" ? 0 : 1
  name                = local.name
  location            = var.place.region
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY"
  deletion_protection = false

  # The application has no way to sign in to another service of Cloud Run; the network is the gate.
  invoker_iam_disabled = true

  template {
    service_account                  = var.account
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    gpu_zonal_redundancy_disabled    = true # cheaper, and what new projects have quota for
    timeout                          = "900s"
    max_instance_request_concurrency = 4 # it writes one answer at a time; the others wait

    scaling {
      min_instance_count = 0
      max_instance_count = 1
    }

    node_selector {
      accelerator = var.gpu
    }

    containers {
      image = var.image
      args  = concat(["serve", var.model, "--host", "0.0.0.0", "--port", "8080"], local.gpu.options)

      ports {
        container_port = 8080
      }

      resources {
        limits   = { cpu = local.gpu.cpu, memory = local.gpu.memory, "nvidia.com/gpu" = "1" }
        cpu_idle = false # GPUs are billed by the instance's life
      }

      env {
        name  = "HF_HUB_CACHE"
        value = local.folder
      }

      env {
        name  = "HF_HUB_OFFLINE"
        value = "1"
      }

      volume_mounts {
        name       = "weights"
        mount_path = local.folder
      }

      # It listens once the weights are loaded. Each try waits for that, so that it is found awake
      # at once; twelve minutes in all.
      startup_probe {
        tcp_socket {
          port = 8080
        }
        period_seconds    = 240
        timeout_seconds   = 240
        failure_threshold = 3
      }
    }

    volumes {
      name = "weights"
      gcs {
        bucket    = google_storage_bucket.weights.name
        read_only = true
      }
    }
  }

  depends_on = [google_storage_bucket_iam_member.server]
}

# Who looks at pictures and who guards, as the application's settings name them.
locals {
  has_gpu = contains([var.model, var.guard], "cloud_run_gpu")
  # Which of the two are servers of ours, and which are others' with a key of their own.
  gpus = { for role, kind in { model = var.model, guard = var.guard } : role => kind if kind == "cloud_run_gpu" }
  keys = { for role, kind in { model = var.model, guard = var.guard } : role => kind if kind == "external" }

  guard_names = {
    llama-guard-3-1b         = "meta-llama/Llama-Guard-3-1B"
    llama-guard-3-8b         = "meta-llama/Llama-Guard-3-8B"
    llama-guard-3-11b-vision = "meta-llama/Llama-Guard-3-11B-Vision"
    llama-guard-4            = "meta-llama/Llama-Guard-4-12B"
  }
  names = {
    model = coalesce(var.model_id, var.model == "vertex" ? "meta/llama-3.2-90b-vision-instruct-maas" : "meta-llama/Llama-3.2-11B-Vision-Instruct")
    guard = coalesce(var.guard_id, local.guard_names[var.guard_kind])
  }

  # Whether pictures are sent to it.
  sees = { model = true, guard = contains(["llama-guard-3-11b-vision", "llama-guard-4"], var.guard_kind) }

  vertex = {
    profile      = "vertex"
    project      = var.project
    region       = var.model_region
    model        = local.names.model
    bucket       = module.storage.bucket
    server_guard = var.guard == "vertex"
  }
  external = {
    for role, kind in local.keys : role => {
      profile    = role == "model" ? var.model_profile : "openai_compatible"
      url        = role == "model" ? var.model_url : var.guard_url
      model      = local.names[role]
      key_secret = "${google_secret_manager_secret.keys[role].name}/versions/latest"
      vision     = local.sees[role]
    }
  }
  endpoints = merge(
    { for role in keys(local.gpus) : role => merge(module.model_server[role].endpoint, { vision = local.sees[role] }) },
    local.external,
    var.model == "vertex" ? { model = local.vertex } : {},
  )

  settings = merge(
    {
      VISIONTOOLS_ENDPOINTS = jsonencode(local.endpoints)
      # Where the model cannot answer, what is printed in a picture is read all the same.
      VISIONTOOLS_DEFAULT_ENDPOINT = "model,reader"
    },
    contains(["off", "vertex"], var.guard) ? {} : {
      VISIONTOOLS_GUARD__ENDPOINT = "guard"
      VISIONTOOLS_GUARD__MODEL    = var.guard_kind
    },
    # Waking up is within the first verdict's time.
    var.guard == "cloud_run_gpu" ? { VISIONTOOLS_GUARD__DEADLINE_S = "600" } : {},
  )
}

module "model_server" {
  source   = "./modules/model_server"
  for_each = local.gpus
  place    = local.place
  role     = each.key
  model    = local.names[each.key]
  image    = var.model_server_image
  gpu      = var.gpu
  account  = google_service_account.this["model-server"].email

  depends_on = [google_project_service.apis]
}

# Keys of external servers: the secret is made here, its value is put there by hand and never passes
# through here.
resource "google_secret_manager_secret" "keys" {
  for_each  = local.keys
  secret_id = "${var.name}-${each.key}-key"

  replication {
    user_managed {
      replicas {
        location = var.region
      }
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_iam_member" "keys" {
  for_each  = local.keys
  secret_id = google_secret_manager_secret.keys[each.key].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.this["application"].member
}

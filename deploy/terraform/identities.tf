# One account for each that acts, none with a key. What each may do stands where it may do it.
locals {
  accounts = merge(
    {
      application = "Serves, reads and writes records and pictures."
      migrator    = "Upgrades the database's tables."
      scheduler   = "Starts the nightly job."
      deployer    = "Cloud Build: builds, scans, pushes and deploys."
    },
    local.has_gpu ? { model-server = "Reads the weights of models of ours." } : {},
  )
}

resource "google_service_account" "this" {
  for_each     = local.accounts
  account_id   = "${var.name}-${each.key == "application" ? "app" : each.key == "model-server" ? "model" : each.key}"
  display_name = "${var.name}: ${each.key}"
  description  = each.value

  depends_on = [google_project_service.apis]
}

# Managed models have no narrower place to be allowed on than the project.
resource "google_project_iam_member" "vertex" {
  count   = var.model == "vertex" ? 1 : 0
  project = var.project
  role    = "roles/aiplatform.user"
  member  = google_service_account.this["application"].member
}

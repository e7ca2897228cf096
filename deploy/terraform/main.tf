# visiontools on Google Cloud. docs/terraform.md tells what this makes, costs and keeps.
data "google_project" "this" {
  project_id = var.project

  depends_on = [google_project_service.apis]
}

locals {
  place = {
    project = var.project
    number  = data.google_project.this.number
    region  = var.region
    name    = var.name
  }
  apis = toset(concat(
    [
      "artifactregistry", "cloudbuild", "cloudresourcemanager", "cloudscheduler", "compute", "iam",
      "iamcredentials", "iap", "logging", "monitoring", "ondemandscanning", "run", "secretmanager",
      "servicenetworking", "sqladmin", "storage",
    ],
    var.model == "vertex" ? ["aiplatform"] : [],
    var.billing_account == "" ? [] : ["billingbudgets"],
    local.has_gpu ? ["dns"] : [],
  ))
}

# They stay enabled when everything else is destroyed: something else may use them, and they cost
# nothing.
resource "google_project_service" "apis" {
  for_each           = local.apis
  service            = "${each.value}.googleapis.com"
  disable_on_destroy = false
}

module "network" {
  source           = "./modules/network"
  place            = local.place
  private_services = local.has_gpu

  depends_on = [google_project_service.apis]
}

module "storage" {
  source              = "./modules/storage"
  place               = local.place
  application         = google_service_account.this["application"].member
  retention_days      = var.retention_days
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.apis]
}

module "database" {
  source           = "./modules/database"
  place            = local.place
  size             = var.size
  network          = module.network.services_network
  password_version = var.database_password_version
  readers = {
    application = google_service_account.this["application"].member
    migrator    = google_service_account.this["migrator"].member
  }
  deletion_protection = var.deletion_protection

  depends_on = [google_project_service.apis]
}

module "release" {
  source     = "./modules/release"
  place      = local.place
  repository = var.repository
  branch     = var.branch
  deployer = {
    email = google_service_account.this["deployer"].email
    name  = google_service_account.this["deployer"].name
  }
  acts_as = {
    application = google_service_account.this["application"].name
    migrator    = google_service_account.this["migrator"].name
  }

  depends_on = [google_project_service.apis]
}

# Service and jobs, once there is an image.
module "app" {
  source         = "./modules/app"
  count          = var.image == "" ? 0 : 1
  place          = local.place
  image          = var.image
  size           = var.size
  accounts       = { for name, each in google_service_account.this : name => each.email if name != "model-server" }
  network        = { network = module.network.network, subnetwork = module.network.subnetwork }
  database       = { url = module.database.url, password = module.database.password }
  pictures       = module.storage.pictures
  retention_days = var.retention_days
  settings       = local.settings
  public_hosts   = var.public_hosts
  iap_members    = var.iap_members

  # A revision that may not read its secret or bucket yet does not start.
  depends_on = [module.database, module.storage, google_project_iam_member.vertex]
}

module "watch" {
  source          = "./modules/watch"
  place           = local.place
  database        = module.database.instance
  alert_email     = var.alert_email
  billing_account = var.billing_account
  monthly_budget  = var.monthly_budget

  depends_on = [google_project_service.apis]
}

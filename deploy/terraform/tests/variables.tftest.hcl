# What cannot work is refused before anything is made.
mock_provider "google" {}

variables {
  project = "a-project"
}

run "a_tag_is_no_digest_and_there_is_no_such_model" {
  command = plan
  variables {
    image = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools:latest"
    model = "local"
    guard = "off"
  }
  expect_failures = [var.image, var.model]
}

run "nobody_lets_the_whole_internet_in_and_there_is_no_such_guard" {
  command = plan
  variables {
    iap_members = ["allUsers"]
    guard       = "none"
  }
  expect_failures = [var.iap_members, var.guard]
}

run "an_external_model_needs_address_and_name" {
  command = plan
  variables {
    model = "external"
    guard = "off"
  }
  expect_failures = [var.model_url, var.model_id]
}

run "an_address_holds_no_key" {
  command = plan
  variables {
    model     = "external"
    model_id  = "m"
    model_url = "https://user:key@models.example.com/v1"
    guard     = "off"
  }
  expect_failures = [var.model_url]
}

run "an_external_guard_needs_address_and_name" {
  command = plan
  variables {
    guard = "external"
  }
  expect_failures = [var.guard_url, var.guard_id]
}

run "googles_guard_stands_beside_its_llama_3_2" {
  command = plan
  variables {
    model_id = "meta/llama-4-maverick-17b-128e-instruct-maas"
  }
  expect_failures = [var.guard]
}

run "a_model_of_ours_needs_its_server" {
  command = plan
  variables {
    image = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    model = "cloud_run_gpu"
    guard = "off"
  }
  expect_failures = [var.model_server_image]
}

run "what_there_is_not_is_refused" {
  command = plan
  variables {
    project                   = "A Project"
    region                    = "nowhere"
    name                      = "v"
    size                      = "big"
    public_hosts              = ["https://vision.example.com"]
    retention_days            = 0
    database_password_version = 0
    repository                = "github.com/example/visiontools"
    branch                    = "a b"
    alert_email               = "operators"
    billing_account           = "mine"
    monthly_budget            = 0
    guard_kind                = "shield"
    gpu                       = "nvidia-h100"
    model_profile             = "tgi"
    model_server_image        = "model-server:latest"
  }
  expect_failures = [
    var.project, var.region, var.name, var.size, var.public_hosts, var.retention_days,
    var.database_password_version, var.repository, var.branch, var.alert_email,
    var.billing_account, var.monthly_budget, var.guard_kind, var.gpu, var.model_profile,
    var.model_server_image,
  ]
}

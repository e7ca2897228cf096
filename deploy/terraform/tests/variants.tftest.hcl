# Every variant, made with a mocked provider. tests/deploy looks at what each run would make; here
# stands what can be said of the outputs.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
  mock_resource "google_sql_database_instance" {
    defaults = { private_ip_address = "10.30.0.3" }
  }
  mock_resource "google_secret_manager_secret_version" {
    defaults = { version = "1" }
  }
  mock_resource "google_secret_manager_secret" {
    defaults = {
      id   = "projects/a-project/secrets/a-secret"
      name = "projects/123456789012/secrets/a-secret"
    }
  }
}

variables {
  project         = "a-project"
  alert_email     = "operators@example.com"
  billing_account = "012345-6789AB-CDEF01"
  iap_members     = ["group:vision@example.com"]
  repository      = "projects/a-project/locations/us-central1/connections/c/repositories/r"
}

run "before_there_is_an_image" {
  assert {
    condition     = output.service == null && output.migration_job == null
    error_message = "Without an image there must be no service and no job."
  }
  assert {
    condition     = output.registry == "us-central1-docker.pkg.dev/a-project/visiontools"
    error_message = "The registry must be there for the first build."
  }
  assert {
    condition     = output.build_trigger != null
    error_message = "The trigger must be there for the first build."
  }
}

run "vertex_small" {
  variables {
    image          = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    retention_days = 14
  }
  assert {
    condition     = output.service == "visiontools" && output.migration_job == "visiontools-migrate"
    error_message = "Service and job must have the names Cloud Build deploys to."
  }
  assert {
    condition     = output.service_url == "https://visiontools-123456789012.us-central1.run.app"
    error_message = "The address must be the deterministic one."
  }
  assert {
    condition     = output.model_key == null && output.guard_key == null && output.weights == {}
    error_message = "Google's managed models need neither keys nor weights."
  }
}

run "vertex_standard_unguarded_no_alarms" {
  variables {
    image               = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    size                = "standard"
    model_id            = "meta/llama-4-maverick-17b-128e-instruct-maas"
    model_region        = "us-east5"
    guard               = "off"
    public_hosts        = ["vision.example.com"]
    alert_email         = ""
    billing_account     = ""
    repository          = ""
    deletion_protection = false
  }
  assert {
    condition     = output.build_trigger == null
    error_message = "Without a repository there is no trigger."
  }
}

run "cloud_run_gpu_small" {
  variables {
    image              = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    model_server_image = "us-central1-docker.pkg.dev/a-project/visiontools/model-server@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    model              = "cloud_run_gpu"
    guard              = "cloud_run_gpu"
    guard_kind         = "llama-guard-3-11b-vision"
  }
  assert {
    condition     = toset(keys(output.weights)) == toset(["guard", "model"])
    error_message = "Each model of ours has a bucket for its weights."
  }
}

run "cloud_run_gpu_l4_standard" {
  variables {
    image              = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    model_server_image = "us-central1-docker.pkg.dev/a-project/visiontools/model-server@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    size               = "standard"
    model              = "cloud_run_gpu"
    gpu                = "nvidia-l4"
    guard              = "external"
    guard_url          = "https://guard.example.com/v1"
    guard_id           = "llama-guard3:8b"
    guard_kind         = "llama-guard-3-8b"
  }
  assert {
    condition     = output.guard_key != null && output.model_key == null
    error_message = "The external guard, and it alone, has a secret for its key."
  }
}

run "external_small" {
  variables {
    image         = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:0000000000000000000000000000000000000000000000000000000000000000"
    name          = "second"
    model         = "external"
    model_url     = "https://models.example.com/v1"
    model_id      = "meta-llama/Llama-3.2-11B-Vision-Instruct"
    model_profile = "sglang"
    guard         = "off"
  }
  assert {
    condition     = output.model_key != null && output.service == "second"
    error_message = "The external model has a secret for its key, and another name is another service."
  }
}

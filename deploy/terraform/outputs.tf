output "registry" {
  description = "Where images are pushed: NAME/IMAGE@sha256:..."
  value       = module.release.registry
}

output "service" {
  description = "The service releases go to; null while there is no image."
  value       = one(module.app[*].service)
}

output "service_url" {
  description = "Where people come in."
  value       = one(module.app[*].url)
}

output "migration_job" {
  description = "The job that upgrades the database before a release."
  value       = one(module.app[*].migration_job)
}

output "deployer" {
  description = "The account Cloud Build runs as."
  value       = google_service_account.this["deployer"].email
}

output "build_trigger" {
  description = "The trigger that releases commits; null without a repository."
  value       = module.release.trigger
}

output "build_sources" {
  description = "Where 'gcloud builds submit' puts sources: --gcs-source-staging-dir=THIS/source."
  value       = module.release.sources
}

output "pictures" {
  description = "Where pictures are kept."
  value       = module.storage.pictures
}

output "weights" {
  description = "Buckets for the weights of models of ours, by role."
  value       = { for role, each in module.model_server : role => each.weights }
}

output "model_key" {
  description = "The secret to put the external model server's key in; null where there is none."
  value       = try(google_secret_manager_secret.keys["model"].id, null)
}

output "guard_key" {
  description = "The secret to put the external guard server's key in; null where there is none."
  value       = try(google_secret_manager_secret.keys["guard"].id, null)
}

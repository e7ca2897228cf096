variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "private_services" {
  description = "Whether services of ours that only this network reaches are called from it."
  type        = bool
}

output "network" {
  value = google_compute_network.this.id
}

output "subnetwork" {
  value = google_compute_subnetwork.run.id
}

# Only there once the database's addresses are.
output "services_network" {
  value = google_service_networking_connection.services.network
}

# The network that leads from Cloud Run to the database's private address, and to model servers that
# nobody else can reach. It has no way in from the internet and needs no gateway that costs money.
resource "google_compute_network" "this" {
  #checkov:skip=CKV2_GCP_18:no rule lets anything in, and a network without rules refuses what comes in
  name                    = var.place.name
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "run" {
  #checkov:skip=CKV_GCP_26:only Cloud Run is in it, which logs its own requests; flow logs cost by the gigabyte
  name                     = "${var.place.name}-run"
  region                   = var.place.region
  network                  = google_compute_network.this.id
  ip_cidr_range            = "10.20.0.0/24"
  private_ip_google_access = true
}

# Addresses Google gives the database.
resource "google_compute_global_address" "services" {
  name          = "${var.place.name}-services"
  purpose       = "VPC_PEERING"
  address_type  = "INTERNAL"
  address       = "10.30.0.0"
  prefix_length = 20
  network       = google_compute_network.this.id
}

# Google keeps the peering for days after the last database in it is gone, so that deleting it would
# fail; it costs nothing and goes with the network.
resource "google_service_networking_connection" "services" {
  network                 = google_compute_network.this.id
  service                 = "servicenetworking.googleapis.com"
  reserved_peering_ranges = [google_compute_global_address.services.name]
  deletion_policy         = "ABANDON"
}

# Requests to services of ours on Cloud Run count as internal if they take this way. The addresses
# are those of private.googleapis.com, which Google publishes for it.
resource "google_dns_managed_zone" "run" {
  count       = var.private_services ? 1 : 0
  name        = "${var.place.name}-run"
  dns_name    = "run.app."
  description = "Leads to Cloud Run without leaving the network."
  visibility  = "private"

  private_visibility_config {
    networks {
      network_url = google_compute_network.this.id
    }
  }
}

resource "google_dns_record_set" "run" {
  count        = var.private_services ? 1 : 0
  managed_zone = google_dns_managed_zone.run[0].name
  name         = "*.${google_dns_managed_zone.run[0].dns_name}"
  type         = "A"
  ttl          = 300
  rrdatas      = ["199.36.153.8", "199.36.153.9", "199.36.153.10", "199.36.153.11"]
}

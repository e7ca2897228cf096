# PostgreSQL with a private address only. The small one is Cloud SQL's smallest: SQLite in a bucket
# would lose records, since a bucket has no locks.
locals {
  standard = var.size == "standard"
  user     = var.place.name
}

resource "google_sql_database_instance" "this" {
  #checkov:skip=CKV_GCP_6:ENCRYPTED_ONLY refuses what is not encrypted; a certificate of the client's would be a key to keep
  #checkov:skip=CKV_GCP_79:the major version that compose.yaml runs, too; a newer one is a step of its own (docs/terraform.md)
  #checkov:skip=CKV_GCP_108:everybody who connects is of our own network, by address
  #checkov:skip=CKV_GCP_109:with ERROR it would log the statement that failed, and a person's words in it
  #checkov:skip=CKV_GCP_110:pgAudit logs statements, and with them a person's words
  #checkov:skip=CKV_GCP_111:statements may hold a person's words
  #checkov:skip=CKV2_GCP_13:durations are logged with their statements
  name                = var.place.name
  region              = var.place.region
  database_version    = "POSTGRES_17"
  deletion_protection = var.deletion_protection

  settings {
    edition                     = "ENTERPRISE" # the only one with shared cores
    tier                        = local.standard ? "db-custom-2-8192" : "db-f1-micro"
    availability_type           = local.standard ? "REGIONAL" : "ZONAL"
    disk_type                   = "PD_SSD"
    disk_size                   = 10
    disk_autoresize             = true
    disk_autoresize_limit       = local.standard ? 100 : 20
    deletion_protection_enabled = var.deletion_protection
    retain_backups_on_delete    = var.deletion_protection

    ip_configuration {
      ipv4_enabled    = false
      private_network = var.network
      ssl_mode        = "ENCRYPTED_ONLY"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      start_time                     = "03:00"
      location                       = var.place.region
      transaction_log_retention_days = 7

      backup_retention_settings {
        retained_backups = 7
      }
    }

    maintenance_window {
      day          = 7
      hour         = 4
      update_track = "stable"
    }

    # Who came, and what waited for what; never what was asked: a statement may hold a person's
    # words, so none is logged, not even a slow or failed one.
    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }
    database_flags {
      name  = "log_connections"
      value = "on"
    }
    database_flags {
      name  = "log_disconnections"
      value = "on"
    }
    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }
    database_flags {
      name  = "log_min_duration_statement"
      value = "-1"
    }
    database_flags {
      name  = "log_min_error_statement"
      value = "panic"
    }
    database_flags {
      name  = "log_min_messages"
      value = "warning"
    }
    database_flags {
      name  = "log_statement"
      value = "none"
    }
  }
}

resource "google_sql_database" "this" {
  name            = local.user
  instance        = google_sql_database_instance.this.name
  deletion_policy = "ABANDON" # goes with the instance
}

# The password is made here, once for user and secret, and is in no state and no plan: both take it
# write-only, and only when its version changes.
locals {
  password = sensitive("${uuid()}${uuid()}")
}

resource "google_sql_user" "this" {
  name                = local.user
  instance            = google_sql_database_instance.this.name
  password_wo         = local.password
  password_wo_version = var.password_version
  deletion_policy     = "ABANDON" # owns the tables, and goes with the instance
}

resource "google_secret_manager_secret" "password" {
  secret_id           = "${var.place.name}-database-password"
  deletion_protection = var.deletion_protection

  replication {
    user_managed {
      replicas {
        location = var.place.region
      }
    }
  }
}

resource "google_secret_manager_secret_version" "password" {
  secret                 = google_secret_manager_secret.password.id
  secret_data_wo         = local.password
  secret_data_wo_version = var.password_version

  # Right after the user, so that the two rarely part when an apply breaks off.
  depends_on = [google_sql_user.this]
}

resource "google_secret_manager_secret_iam_member" "readers" {
  for_each  = var.readers
  secret_id = google_secret_manager_secret.password.id
  role      = "roles/secretmanager.secretAccessor"
  member    = each.value
}

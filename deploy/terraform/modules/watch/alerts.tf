# Alarms. Availability is told from the service's own figures: sign-in stops a probe from outside.
locals {
  answers = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=\"${var.place.name}\" AND metric.type=\"run.googleapis.com/request_count\""
  log     = "resource.type=\"cloud_run_revision\" AND metric.type=\"logging.googleapis.com/user"

  # Shares of what was answered in ten minutes, above which somebody is told.
  shares = {
    errors = {
      title = "more than 5 % of requests fail"
      of    = "${local.answers} AND metric.labels.response_code_class=\"5xx\""
      all   = local.answers
      share = 0.05
      next  = "Read the errors: gcloud run services logs read ${var.place.name} --region=${var.place.region}. If it began with a release, go back to the revision before (docs/deploy.md)."
    }
    overload = {
      title = "more than 5 % of requests are turned away (429)"
      of    = "${local.answers} AND metric.labels.response_code=\"429\""
      all   = local.answers
      share = 0.05
      next  = "One person over a budget of theirs (web.runs_per_minute) is no fault. If many are, raise max_instance_count or the budgets."
    }
    outcomes = {
      title = "more than 20 % of runs find no model or no valid answer"
      of    = "${local.log}/${google_logging_metric.runs.name}\" AND metric.labels.outcome=one_of(\"unavailable\", \"invalid\")"
      all   = "${local.log}/${google_logging_metric.runs.name}\""
      share = 0.2
      next  = "Ask the model server: 'visiontools endpoints check'. A model may have been retired."
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  count        = var.alert_email == "" ? 0 : 1
  display_name = "${var.place.name}: operators"
  type         = "email"
  labels       = { email_address = var.alert_email }
}

resource "google_monitoring_alert_policy" "shares" {
  for_each              = local.shares
  display_name          = "${var.place.name}: ${each.value.title}"
  combiner              = "OR"
  notification_channels = google_monitoring_notification_channel.email[*].id

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter             = each.value.of
      denominator_filter = each.value.all
      comparison         = "COMPARISON_GT"
      threshold_value    = each.value.share
      duration           = "300s"

      aggregations {
        alignment_period     = "600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
      denominator_aggregations {
        alignment_period     = "600s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content = each.value.next
  }
}

# Availability: of all requests 99.5 % in 28 days are answered without a fault of ours. The alarm
# comes when a fiftieth of what may fail has failed within an hour.
resource "google_monitoring_custom_service" "this" {
  service_id   = var.place.name
  display_name = var.place.name
}

resource "google_monitoring_slo" "availability" {
  service             = google_monitoring_custom_service.this.service_id
  slo_id              = "availability"
  display_name        = "answered without a fault of ours"
  goal                = 0.995
  rolling_period_days = 28

  request_based_sli {
    good_total_ratio {
      total_service_filter = local.answers
      bad_service_filter   = "${local.answers} AND metric.labels.response_code_class=\"5xx\""
    }
  }
}

resource "google_monitoring_alert_policy" "availability" {
  display_name          = "${var.place.name}: availability is being used up"
  combiner              = "OR"
  severity              = "CRITICAL"
  notification_channels = google_monitoring_notification_channel.email[*].id

  conditions {
    display_name = "burns more than ten times as fast as it may"
    condition_threshold {
      filter          = "select_slo_burn_rate(\"${google_monitoring_slo.availability.id}\", \"3600s\")"
      comparison      = "COMPARISON_GT"
      threshold_value = 10
      duration        = "0s"
    }
  }

  documentation {
    content = "Look at the revisions and their logs first, then at the database: 'gcloud sql instances describe ${var.database}'."
  }
}

locals {
  # Single figures, above which somebody is told.
  limits = {
    latency = {
      title   = "one run in twenty takes longer than a minute"
      filter  = "${local.log}/${google_logging_metric.run_duration.name}\""
      aligner = "ALIGN_PERCENTILE_95"
      limit   = 60000
      next    = "A model that wakes up takes minutes for the first (docs/terraform.md). Otherwise 'visiontools endpoints check' tells the server's speed."
    }
    guard = {
      title   = "the guard gives no verdicts"
      filter  = "${local.log}/${google_logging_metric.guard_failures.name}\""
      aligner = "ALIGN_DELTA"
      limit   = 2
      next    = "Nothing is shown to people meanwhile: no verdict means blocked. 'visiontools endpoints check guard' says what is wrong."
    }
    database = {
      title   = "the database's disk is 90 % full"
      filter  = "resource.type=\"cloudsql_database\" AND resource.labels.database_id=\"${var.place.project}:${var.database}\" AND metric.type=\"cloudsql.googleapis.com/database/disk/utilization\""
      aligner = "ALIGN_MEAN"
      limit   = 0.9
      next    = "It grows by itself up to disk_autoresize_limit. See whether the nightly job deletes what is too old."
    }
    jobs = {
      title   = "a job failed"
      filter  = "resource.type=\"cloud_run_job\" AND resource.labels.job_name=starts_with(\"${var.place.name}-\") AND metric.type=\"run.googleapis.com/job/completed_execution_count\" AND metric.labels.result=\"failed\""
      aligner = "ALIGN_DELTA"
      limit   = 0
      next    = "Read its log: gcloud run jobs executions list --region=${var.place.region}. While 'prune' fails, nothing old is deleted from the database."
    }
  }
}

resource "google_monitoring_alert_policy" "limits" {
  for_each              = local.limits
  display_name          = "${var.place.name}: ${each.value.title}"
  combiner              = "OR"
  notification_channels = google_monitoring_notification_channel.email[*].id

  conditions {
    display_name = each.value.title
    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.limit
      duration        = "0s"

      aggregations {
        alignment_period     = "600s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = each.value.aligner == "ALIGN_DELTA" ? "REDUCE_SUM" : "REDUCE_MAX"
      }
    }
  }

  documentation {
    content = each.value.next
  }
}

# Tells people, and stops nothing.
resource "google_billing_budget" "monthly" {
  count           = var.billing_account == "" ? 0 : 1
  billing_account = var.billing_account
  display_name    = "${var.place.name}: a month"

  budget_filter {
    projects               = ["projects/${var.place.number}"]
    calendar_period        = "MONTH"
    credit_types_treatment = "EXCLUDE_ALL_CREDITS"
  }

  amount {
    specified_amount {
      units = tostring(var.monthly_budget)
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]
    content {
      threshold_percent = threshold_rules.value
    }
  }

  threshold_rules {
    threshold_percent = 1
    spend_basis       = "FORECASTED_SPEND"
  }

  # Those who run the billing account are told in any case.
  dynamic "all_updates_rule" {
    for_each = google_monitoring_notification_channel.email
    content {
      monitoring_notification_channels = [all_updates_rule.value.id]
    }
  }
}

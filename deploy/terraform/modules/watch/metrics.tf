# Figures from the lines the application writes for each run (docs/operate.md): names of ours, no
# content, nobody's name.
locals {
  lines = join(" ", [
    "resource.type=\"cloud_run_revision\"",
    "resource.labels.service_name=\"${var.place.name}\"",
  ])
  runs = "${local.lines} jsonPayload.outcome:*"
}

resource "google_logging_metric" "runs" {
  name        = "${var.place.name}/runs"
  description = "Runs by tool and outcome."
  filter      = local.runs

  label_extractors = {
    tool    = "EXTRACT(jsonPayload.tool)"
    outcome = "EXTRACT(jsonPayload.outcome)"
  }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"

    labels {
      key = "tool"
    }
    labels {
      key = "outcome"
    }
  }
}

# Requests also count chats, which last as long as somebody has the page open; runs tell how long
# people waited.
resource "google_logging_metric" "run_duration" {
  name            = "${var.place.name}/run_duration"
  description     = "How long runs took."
  filter          = "${local.runs} jsonPayload.reused=false"
  value_extractor = "EXTRACT(jsonPayload.duration_ms)"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "DISTRIBUTION"
    unit        = "ms"
  }

  bucket_options {
    exponential_buckets {
      num_finite_buckets = 32
      growth_factor      = 1.5
      scale              = 10
    }
  }
}

resource "google_logging_metric" "guard_failures" {
  name        = "${var.place.name}/guard_failures"
  description = "Runs on which the guard gave no verdict."
  filter      = "${local.runs} (jsonPayload.guard_input=\"unavailable\" OR jsonPayload.guard_output=\"unavailable\")"

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
    unit        = "1"
  }
}

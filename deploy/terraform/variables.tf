variable "project" {
  description = "Id of the Google Cloud project."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "This is no project id. Take PROJECT_ID, not the name or number, from 'gcloud projects list'."
  }
}

variable "region" {
  description = "Where everything runs and is kept."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "This is no region. Take one of 'gcloud run regions list', such as us-central1."
  }
}

variable "name" {
  description = "What everything is called, and begins with."
  type        = string
  default     = "visiontools"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,17}[a-z0-9]$", var.name))
    error_message = "Use 3 to 19 small letters, digits and hyphens, a letter first: accounts and buckets are named after it."
  }
}

variable "image" {
  description = "The application by digest. Empty the first time, when there is none yet: everything but service and jobs is made."
  type        = string
  default     = ""

  validation {
    condition     = var.image == "" || can(regex("^[a-z0-9.-]+(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$", var.image))
    error_message = "Name the image by its digest, as the build prints it (NAME@sha256:...): a tag can be moved to another image."
  }
}

variable "size" {
  description = "small: for trying and small teams, asleep when unused. standard: one instance always there, a database in two zones."
  type        = string
  default     = "small"

  validation {
    condition     = contains(["small", "standard"], var.size)
    error_message = "Say small or standard."
  }
}

variable "public_hosts" {
  description = "Names the service answers for beside its own deterministic ones: a domain of yours, or the older address that ends in a.run.app."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for host in var.public_hosts : can(regex("^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$", host))])
    error_message = "Write bare host names, such as vision.example.com: no https://, no path, no port."
  }
}

variable "iap_members" {
  description = "Who may use it: user:, group:, serviceAccount: or domain: members of IAP."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for each in var.iap_members : can(regex("^(user|group|serviceAccount|domain):[^\\s]+$", each))])
    error_message = "Write members as user:ada@example.com, group:..., serviceAccount:... or domain:example.com. Everybody on the internet (allUsers, allAuthenticatedUsers) cannot be let in here."
  }
}

variable "retention_days" {
  description = "How old records and pictures become before they are deleted."
  type        = number
  default     = 30

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 3650 && floor(var.retention_days) == var.retention_days
    error_message = "Give whole days, 1 to 3650."
  }
}

variable "deletion_protection" {
  description = "Whether database and buckets with data withstand 'terraform destroy'. Set it to false and apply before you destroy."
  type        = bool
  default     = true
}

variable "database_password_version" {
  description = "Count it up to give the database a new password, or after an apply that broke off while it set the first one."
  type        = number
  default     = 1

  validation {
    condition     = var.database_password_version >= 1 && floor(var.database_password_version) == var.database_password_version
    error_message = "Give a whole number, one more than before."
  }
}

variable "repository" {
  description = "The repository whose main branch is built and deployed, as Cloud Build knows it: projects/P/locations/R/connections/C/repositories/N. Empty: no trigger."
  type        = string
  default     = ""

  validation {
    condition     = var.repository == "" || can(regex("^projects/[^/]+/locations/[^/]+/connections/[^/]+/repositories/[^/]+$", var.repository))
    error_message = "Connect the repository in Cloud Build first, then take its whole name from 'gcloud builds repositories list --connection=C --region=R'."
  }
}

variable "branch" {
  description = "The branch whose commits are released."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.branch))
    error_message = "Name one branch, not a pattern."
  }
}

variable "alert_email" {
  description = "Who is told when something is wrong. Empty: nobody, and alarms show in Cloud Monitoring only."
  type        = string
  default     = ""

  validation {
    condition     = var.alert_email == "" || can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alert_email))
    error_message = "Give one e-mail address, such as that of a group."
  }
}

variable "billing_account" {
  description = "Id of the billing account, for the budget. Empty: no budget."
  type        = string
  default     = ""

  validation {
    condition     = var.billing_account == "" || can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.billing_account))
    error_message = "Take ACCOUNT_ID from 'gcloud billing accounts list', such as 012345-6789AB-CDEF01."
  }
}

variable "monthly_budget" {
  description = "What a month may cost before people are told, in the billing account's currency. Nothing is stopped by it."
  type        = number
  default     = 100

  validation {
    condition     = var.monthly_budget >= 1 && floor(var.monthly_budget) == var.monthly_budget
    error_message = "Give a whole sum, 1 or more."
  }
}

variable "place" {
  description = "Project, region and name."
  type        = object({ project = string, number = string, region = string, name = string })
}

variable "database" {
  description = "Name of the database's instance."
  type        = string
}

variable "alert_email" {
  description = "Who is told; empty: nobody."
  type        = string
}

variable "billing_account" {
  description = "The account the budget is of; empty: none."
  type        = string
}

variable "monthly_budget" {
  description = "What a month may cost, in the account's currency."
  type        = number
}

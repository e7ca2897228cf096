# Llama 3.2's licence grants no rights to its vision models (11B, 90B, Guard 11B) to individuals
# domiciled in, or companies with their principal place of business in, the European Union; users of
# a product that includes them are excepted. Read Meta's licence before you choose: docs/models.md.

variable "model" {
  description = "Who looks at pictures. vertex: Google's managed Llama. cloud_run_gpu: our own Llama 3.2 11B Vision, asleep when unused. external: any OpenAI-compatible server. Llama 3.2's vision models are not licensed to people and companies in the EU."
  type        = string
  default     = "vertex"

  validation {
    condition     = contains(["vertex", "cloud_run_gpu", "external"], var.model)
    error_message = "Say vertex, cloud_run_gpu or external."
  }
}

variable "model_id" {
  description = "The model as its server knows it. Empty: Llama 3.2 90B Vision on Vertex AI, Llama 3.2 11B Vision on a GPU of ours."
  type        = string
  default     = ""

  validation {
    condition     = var.model_id != "" || var.model != "external"
    error_message = "Set model_id to a model the external server has."
  }
}

variable "model_region" {
  description = "Where Vertex AI serves the model."
  type        = string
  default     = "us-central1"
}

variable "model_url" {
  description = "Address of the external model server, usually ending in /v1."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^https://[^\\s@?#]+$", var.model_url)) || (var.model_url == "" && var.model != "external")
    error_message = "With model = external, set model_url to the server's address. It begins with https:// and holds no key: the key goes into the secret that output model_key names."
  }
}

variable "model_profile" {
  description = "What kind of server the external one is: openai_compatible, sglang, vllm, ollama, transformers_serve, llama_stack or llama_cpp."
  type        = string
  default     = "openai_compatible"

  validation {
    condition     = contains(["openai_compatible", "sglang", "vllm", "ollama", "transformers_serve", "llama_stack", "llama_cpp"], var.model_profile)
    error_message = "Take one of the profiles in docs/models.md."
  }
}

variable "guard" {
  description = "What Llama Guard checks what goes in and comes out. vertex: Google's own beside its Llama 3.2 (not verified). cloud_run_gpu: our own. external: any OpenAI-compatible server. off: none."
  type        = string
  default     = "vertex"

  validation {
    condition     = contains(["vertex", "cloud_run_gpu", "external", "off"], var.guard)
    error_message = "Say vertex, cloud_run_gpu, external or off."
  }

  validation {
    condition     = var.guard != "vertex" || (var.model == "vertex" && (var.model_id == "" || strcontains(var.model_id, "llama-3.2")))
    error_message = "Google's guard stands beside its Llama 3.2 only. Set guard to cloud_run_gpu or external for another model, or to off in words."
  }
}

variable "guard_kind" {
  description = "Which Llama Guard it is: llama-guard-3-1b, llama-guard-3-8b, llama-guard-3-11b-vision or llama-guard-4. The small ones read words and see no picture."
  type        = string
  default     = "llama-guard-3-1b"

  validation {
    condition     = contains(["llama-guard-3-1b", "llama-guard-3-8b", "llama-guard-3-11b-vision", "llama-guard-4"], var.guard_kind)
    error_message = "Take one of those in docs/guard.md."
  }
}

variable "guard_id" {
  description = "The guard's model as its server knows it. Empty: Meta's name of guard_kind, on a GPU of ours."
  type        = string
  default     = ""

  validation {
    condition     = var.guard_id != "" || var.guard != "external"
    error_message = "Set guard_id to a Llama Guard the external server has."
  }
}

variable "guard_url" {
  description = "Address of the external server of Llama Guard."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^https://[^\\s@?#]+$", var.guard_url)) || (var.guard_url == "" && var.guard != "external")
    error_message = "With guard = external, set guard_url to the server's address. It begins with https:// and holds no key: the key goes into the secret that output guard_key names."
  }
}

variable "gpu" {
  description = "What our own models run on. nvidia-rtx-pro-6000: 96 GB, in bf16. nvidia-l4: 24 GB, in 4 bits, not verified."
  type        = string
  default     = "nvidia-rtx-pro-6000"

  validation {
    condition     = contains(["nvidia-rtx-pro-6000", "nvidia-l4"], var.gpu)
    error_message = "Say nvidia-rtx-pro-6000 or nvidia-l4, and see which your region has."
  }
}

variable "model_server_image" {
  description = "'transformers serve' by digest (deploy/model), for cloud_run_gpu. Empty the first time, when there is none yet."
  type        = string
  default     = ""

  validation {
    condition     = var.model_server_image == "" || can(regex("^[a-z0-9.-]+(/[a-z0-9._-]+)+@sha256:[0-9a-f]{64}$", var.model_server_image))
    error_message = "Name the image by its digest (NAME@sha256:...), as docs/terraform.md shows: a tag can be moved to another image."
  }

  validation {
    condition     = var.model_server_image != "" || var.image == "" || !contains([var.model, var.guard], "cloud_run_gpu")
    error_message = "A model on a GPU of ours needs its server's image: build deploy/model and set model_server_image (docs/terraform.md)."
  }
}

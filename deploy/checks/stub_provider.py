"""A provider for Terraform that knows the google provider's schema and makes nothing.

Terraform starts it as ``terraform-provider-google`` (see ``environment.sh``), asks for the schema
and checks the configuration against it, as it does with the real one. ``terraform test`` needs no
more, since it mocks every resource. Making anything is refused.

``GOOGLE_SCHEMA`` names the file that ``google_schema.py`` wrote.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import tf.provider
from tf.gen import tfplugin_pb2 as pb
from tf.runner import run_provider

_WRITE_ONLY = b"\x58\x01"
"""``write_only = true`` on the wire (field 11), which the package's copy of the protocol lacks."""
_NESTING = {
    "list": pb.Schema.NestedBlock.NestingMode.LIST,
    "set": pb.Schema.NestedBlock.NestingMode.SET,
    "single": pb.Schema.NestedBlock.NestingMode.SINGLE,
}


def schema(block: dict[str, Any]) -> pb.Schema:
    """A schema as Terraform takes it."""
    return pb.Schema(version=0, block=_block(block))


def _block(block: dict[str, Any]) -> pb.Schema.Block:
    return pb.Schema.Block(
        attributes=[_attribute(name, each) for name, each in block["attributes"].items()],
        block_types=[
            pb.Schema.NestedBlock(
                type_name=name,
                nesting=_NESTING[each["nesting"]],
                min_items=each["min"],
                max_items=each["max"],
                block=_block(each["block"]),
            )
            for name, each in block["blocks"].items()
        ],
    )


def _attribute(name: str, each: dict[str, Any]) -> pb.Schema.Attribute:
    made = pb.Schema.Attribute(
        name=name,
        type=json.dumps(each["type"]).encode(),
        required=each["required"],
        optional=each["optional"],
        computed=each["computed"],
    )
    if each["write_only"]:
        made.MergeFromString(_WRITE_ONLY)
    return made


class _Servicer(tf.provider.ProviderServicer):
    """Answers for the schema, finds nothing wrong beyond it, and refuses to make anything."""

    def GetMetadata(self, request: Any, context: Any) -> pb.GetMetadata.Response:  # noqa: N802
        return pb.GetMetadata.Response()

    def GetProviderSchema(self, request: Any, context: Any) -> pb.GetProviderSchema.Response:  # noqa: N802
        blocks = json.loads(Path(os.environ["GOOGLE_SCHEMA"]).read_text())
        return pb.GetProviderSchema.Response(
            provider=schema(blocks.pop("provider")),
            provider_meta=pb.Schema(block=pb.Schema.Block()),
            resource_schemas={
                name: schema(each) for name, each in blocks.items() if not name.startswith("data.")
            },
            data_source_schemas={
                name.removeprefix("data."): schema(each)
                for name, each in blocks.items()
                if name.startswith("data.")
            },
        )

    def ValidateProviderConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateProviderConfig.Response()

    def ValidateResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateResourceConfig.Response()

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ConfigureProvider.Response(
            diagnostics=[
                pb.Diagnostic(
                    severity=pb.Diagnostic.ERROR,
                    summary="This provider is for checks only and makes nothing.",
                    detail="To apply, run terraform without the checks' configuration (TF_CLI_CONFIG_FILE).",
                )
            ]
        )


class _Google:
    """What ``run_provider`` asks of a provider beside its servicer."""

    def full_name(self) -> str:
        return "registry.terraform.io/hashicorp/google"


def main() -> None:
    tf.provider.ProviderServicer = _Servicer  # type: ignore[misc]
    run_provider(_Google())


if __name__ == "__main__":
    main()

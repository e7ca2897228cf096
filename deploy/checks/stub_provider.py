"""A provider for Terraform that knows the google provider's schema and makes nothing.

    python stub_provider.py SCHEMA

It prints the variable by which Terraform finds it (``TF_REATTACH_PROVIDERS``) and serves until it
is ended. Terraform asks it for the schema, which ``google_schema.py`` wrote to the file SCHEMA, and
checks the configuration against it, as it does with the real one. ``terraform test`` needs no more,
since it mocks every resource. Making anything is refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tf.provider
from tf.gen import tfplugin_pb2 as pb
from tf.runner import run_provider
from tf.utils import read_dynamic_value

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

    blocks: Mapping[str, Any]

    def GetMetadata(self, request: Any, context: Any) -> pb.GetMetadata.Response:  # noqa: N802
        return pb.GetMetadata.Response()

    def GetProviderSchema(self, request: Any, context: Any) -> pb.GetProviderSchema.Response:  # noqa: N802
        blocks = self.blocks
        return pb.GetProviderSchema.Response(
            provider=schema(blocks["provider"]),
            provider_meta=pb.Schema(block=pb.Schema.Block()),
            resource_schemas={
                name: schema(each) for name, each in blocks.items() if name.startswith("google_")
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
        """Refuse what only Google sets; Terraform leaves that to providers."""
        known = self.blocks[request.type_name]["attributes"]
        given = read_dynamic_value(request.config)
        return pb.ValidateResourceConfig.Response(
            diagnostics=[
                pb.Diagnostic(
                    severity=pb.Diagnostic.ERROR, summary=f"{name} is set by Google, not by you."
                )
                for name, each in known.items()
                if given.get(name) is not None and not (each["required"] or each["optional"])
            ]
        )

    def ValidateDataResourceConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ValidateDataResourceConfig.Response()

    def ConfigureProvider(self, request: Any, context: Any) -> Any:  # noqa: N802
        return pb.ConfigureProvider.Response(
            diagnostics=[
                pb.Diagnostic(
                    severity=pb.Diagnostic.ERROR,
                    summary="This provider is for checks only and makes nothing.",
                    detail="To plan or apply, run terraform without TF_REATTACH_PROVIDERS.",
                )
            ]
        )


class _Google:
    """What ``run_provider`` asks of a provider beside its servicer."""

    def full_name(self) -> str:
        return "registry.terraform.io/hashicorp/google"


def main() -> None:
    """Serve until ended."""
    _Servicer.blocks = json.loads(Path(sys.argv[1]).read_text())
    tf.provider.ProviderServicer = _Servicer  # type: ignore[misc]
    run_provider(_Google(), ["", "--dev"])


if __name__ == "__main__":
    main()

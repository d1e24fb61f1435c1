"""Writes the reference pages that follow from the contract and the sources: routes, records, error reasons, metrics.

  reference.py [FOLDER]      (docs/reference by default)

./dev fix runs it together with the program's own page of configuration keys; ./dev verify fails when a page is out of date.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

import repository

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOOGLE = ROOT / "node_modules/google-gax/build/protos"
NEEDED = ("google/api", "google/rpc", "google/type")
WRITTEN = "<!-- Written by ./dev fix; changes here are lost. -->\n\n"
METRIC = re.compile(r'"((?:grpc_server|fivestrand)_[a-z0-9_]+)"\s*(?:,|\)\s*\.\s*Help\s*\()\s*((?:"(?:[^"\\]|\\.)*"\s*)+)')
KIND = re.compile(r"(Counter|Gauge|Histogram|Summary)", re.IGNORECASE)


class Contract:
    """The descriptors of protos/, with comments and with our options readable."""

    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            # google-gax brings a google/protobuf of its own, which must not stand before protoc's.
            for part in NEEDED:
                target = pathlib.Path(folder, "google-root", part)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.symlink_to(GOOGLE / part)
            protos = [str(path.relative_to("protos")) for path in repository.files(ROOT, ".proto") if path.parts[0] == "protos"]
            out = pathlib.Path(folder, "set")
            subprocess.run(["protoc", f"-I{ROOT}/protos", f"-I{folder}/google-root", "--include_imports", "--include_source_info",
                            f"--descriptor_set_out={out}", *protos], check=True)
            self.files = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
        self.pool = descriptor_pool.DescriptorPool()
        for file in self.files:
            self.pool.Add(file)
        self.factory = message_factory.MessageFactory(self.pool)

    def ours(self):
        return [file for file in self.files if file.package.startswith("fivestrand.")]

    def option(self, options, name):
        """The value of the extension `name` in a message of options, or None."""
        known = self.factory.GetPrototype(self.pool.FindMessageTypeByName(options.DESCRIPTOR.full_name)).FromString(options.SerializeToString())
        extension = self.pool.FindExtensionByName(name)
        if extension.label == extension.LABEL_REPEATED:
            return list(known.Extensions[extension])
        return known.Extensions[extension] if known.HasExtension(extension) else None

    def enum_name(self, enum, number):
        return self.pool.FindEnumTypeByName(enum).values_by_number[number].name

    @staticmethod
    def comment(file, *path):
        for location in file.source_code_info.location:
            if list(location.path) == list(path):
                return " ".join(location.leading_comments.split())
        return ""


def first_sentence(text):
    return re.split(r"(?<=[.!?])\s", text, maxsplit=1)[0]


def table(head, rows):
    return "\n".join(["| " + " | ".join(cells) + " |" for cells in [head, ["---"] * len(head), *[[cell.replace("|", "\\|") for cell in row] for row in rows]]]) + "\n"


def http_bindings(rule):
    for binding in [rule, *rule.additional_bindings]:
        verb = binding.WhichOneof("pattern")
        if verb:
            yield verb.upper(), getattr(binding, verb)


def routes(contract):
    text = "# Routes\n\n" + WRITTEN + "Every method of the contract: over gRPC and gRPC-Web by its name, over REST by its paths. A permission in brackets is a kind of caller.\n"
    for file in contract.ours():
        for s, service in enumerate(file.service):
            rows = []
            for m, method in enumerate(service.method):
                rule = contract.option(method.options, "google.api.http")
                policy = contract.option(method.options, "fivestrand.options.v1.policy")
                access = contract.enum_name("fivestrand.options.v1.MethodPolicy.Access", policy.access) if policy else ""
                who = f"`{policy.permission}`" if policy and policy.permission else f"({access.lower().replace('_', ' ')})"
                paths = "<br>".join(f"`{verb} {path}`" for verb, path in (http_bindings(rule) if rule else []))
                name = f"`{method.name}`" + (" (stream)" if method.server_streaming else " (takes a file)" if method.client_streaming else "")
                about = first_sentence(contract.comment(file, 6, s, 2, m)) + (" Reading is audited." if policy and policy.audit_read else "")
                rows.append([name, paths, who, about])
            text += f"\n## {file.package}.{service.name}\n\n{contract.comment(file, 6, s)}\n\n" + table(["method", "REST", "permission", "what it does"], rows)
    return text


def type_name(field):
    kind = descriptor_pb2.FieldDescriptorProto.Type.Name(field.type)[5:].lower()
    name = field.type_name.rsplit(".", 1)[-1] if field.type_name else kind
    return f"list of {name}" if field.label == field.LABEL_REPEATED else name


def records(contract):
    text = "# Records\n\n" + WRITTEN + "Each kind of record that is kept, with what follows from its options: what is indexed can stand in `filter` and `order_by`;\nhow sensitive a field is decides who sees it, whether it is encrypted at rest, and that it never stands in a log.\n"
    for file in contract.ours():
        for n, message in enumerate(file.message_type):
            record = contract.option(message.options, "fivestrand.options.v1.record")
            resource = contract.option(message.options, "google.api.resource")
            if record is None or resource is None:
                continue
            text += f"\n## {message.name}\n\n{contract.comment(file, 4, n)}\n\n"
            text += "".join(f"- name: `{pattern}`\n" for pattern in resource.pattern)
            text += f"- table: `{record.table}`" + (", every revision is kept" if record.keep_revisions else "") + "\n"
            if record.elements:
                text += "- evidence for: " + ", ".join(record.elements) + "\n"
            rows = []
            for f, field in enumerate(message.field):
                policy = contract.option(field.options, "fivestrand.options.v1.field")
                behaviour = [contract.enum_name("google.api.FieldBehavior", value).lower().replace("_", " ")
                             for value in contract.option(field.options, "google.api.field_behavior")]
                if policy:
                    behaviour += ["unique" if policy.unique else "indexed" if policy.indexed else "", policy.read_permission and f"read: {policy.read_permission}"]
                sensitivity = contract.enum_name("fivestrand.options.v1.Sensitivity", policy.sensitivity).lower().replace("_", " ") if policy else ""
                rows.append([f"`{field.name}`", type_name(field), sensitivity, ", ".join(filter(None, behaviour)), first_sentence(contract.comment(file, 4, n, 2, f))])
            text += "\n" + table(["field", "type", "sensitivity", "", "meaning"], rows)
    return text


def error_reasons(contract):
    text = "# Error reasons\n\n" + WRITTEN + "Every error carries a `google.rpc.ErrorInfo` with the domain `fivestrand` and one of these reasons.\n\n"
    for file in contract.ours():
        for n, enum in enumerate(file.enum_type):
            if enum.name == "ErrorReason":
                text += table(["reason", "number", "meaning"], [[f"`{value.name}`", str(value.number), contract.comment(file, 5, n, 2, v)]
                                                               for v, value in enumerate(enum.value) if value.number])
    return text


def metrics():
    """Names and texts as they stand in the sources. A test compares the page with what the running suite shows."""
    found = {}
    for path in repository.files(ROOT, ".cc"):
        if path.parts[0] not in ("platform", "services", "gateway") or path.name.endswith("_test.cc"):
            continue
        source = repository.read(ROOT, path)
        for match in METRIC.finditer(source):
            kinds = KIND.findall(source, max(0, match.start() - 120), match.start())
            kind = kinds[-1].lower() if kinds else "counter" if match.group(1).endswith("_total") else "gauge"
            found[match.group(1)] = [f"`{match.group(1)}`", kind, "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(2))), str(path)]
    return "# Metrics\n\n" + WRITTEN + "What `/metrics` on the admin port shows. Seconds and bytes are the units; no label names a person.\n\n" + table(
        ["name", "kind", "meaning", "made in"], [found[name] for name in sorted(found)])


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "docs/reference")
    folder.mkdir(parents=True, exist_ok=True)
    contract = Contract()
    for name, text in [("routes", routes(contract)), ("records", records(contract)), ("error-reasons", error_reasons(contract)), ("metrics", metrics())]:
        (folder / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

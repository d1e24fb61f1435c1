"""The layer check: who may include whom. Prints each include that points the wrong way.

  main -> app -> {api, store} -> domain -> platform     inside one service
  services/suite -> services/*/app, gateway/src/app     the one program that holds them all
  gateway -> platform                                   gateway and services meet only in protos
Two services never include each other; services/organisation is no service but what several share, and counts as a part of each that
includes it. It includes no service. Platform includes neither services nor the gateway, domain knows no gRPC and no SQL, and
nothing but tests (and what folders named testing and conformance hold for them) includes platform/testing. Tests beside their
source may use every layer of their own service.
"""
import re

import repository

INCLUDE = re.compile(r'^\s*#\s*include\s+[<"]([^>"]+)[>"]', re.MULTILINE)
LAYERS = {"main": {"app"}, "app": {"app", "api", "store", "domain"}, "api": {"api", "domain"}, "store": {"store", "domain"}, "domain": {"domain"}}
NOT_IN_DOMAIN = re.compile(r"^(grpc|grpcpp|platform/rpc|platform/store)/|^(sqlite3|libpq-fe)\.h$")


def area(path):
    """("platform", part) | ("gateway", part) | (service, layer) | None for what the rules do not know, such as a system header."""
    parts = str(path).split("/")
    if parts[0] == "gateway":
        return "gateway", parts[2] if parts[1] == "src" else parts[1]
    if parts[0] == "platform":
        return "platform", parts[1]
    if parts[0] == "services" and len(parts) > 2:
        return parts[1], "main" if parts[2] == "main.cc" else parts[2]
    return None


def complaint(path, included):
    """Why path must not include it, or None."""
    source, target = area(path), area(included)
    is_test = path.name.startswith("test_") or path.name.endswith(("_test.cc", "_bench.cc", "_fuzz.cc")) or path.parts[0] == "tests" or {"testing", "conformance"} & set(path.parts)
    if source is None or is_test and path.parts[0] == "tests":
        return None
    if target == ("platform", "testing") and not is_test:
        return "only tests include platform/testing"
    if source[1] == "domain" and source[0] not in ("platform", "gateway") and not is_test and NOT_IN_DOMAIN.search(included):
        return "domain knows no gRPC and no SQL"
    if target is None or target[0] == "platform":
        return None
    if source[0] == "platform":
        return "platform includes no service and no gateway"
    if source[0] == "suite":
        if target[0] == "suite" or target[1] == "app":
            return None
        return "the suite takes only the app layer of each service and of the gateway"
    shared = target[0] == "organisation" and source[0] != "gateway"
    if source[0] != target[0] and not shared:
        if "gateway" in (source[0], target[0]):
            return "gateway and services meet only in protos"
        return "services meet only in protos"
    if source[0] == "gateway" or is_test or target[1] in LAYERS.get(source[1], {target[1]}):
        return None
    return f"{source[1]} must not include {target[1]}"


def check(root):
    for path in repository.files(root, ".cc", ".h"):
        for included in INCLUDE.findall(repository.read(root, path)):
            why = complaint(path, included)
            if why:
                yield f"{path}: includes {included}: {why}"


if __name__ == "__main__":
    repository.finish(list(check(repository.root())), "The layers are in ARCHITECTURE.md.")

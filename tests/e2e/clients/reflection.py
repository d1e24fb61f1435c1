"""A stock gRPC client that knows nothing but the server's address: asks reflection what is served, builds the messages from the
answers, and calls. Prints one line of JSON for the test that runs it.

  reflection.py TARGET METHOD REQUEST_JSON [TOKEN]

A list of requests is sent as a stream.
"""
import importlib
import json
import pathlib
import subprocess
import sys
import tempfile

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

REFLECTION = "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo"


def reflection_messages():
    """The messages of the reflection protocol itself, from Debian's grpc-proto."""
    with tempfile.TemporaryDirectory() as folder:
        protos = pathlib.Path("/usr/share/grpc-proto")
        subprocess.run(["protoc", f"-I{protos}", f"--python_out={folder}", "grpc/reflection/v1alpha/reflection.proto"], check=True)
        (source,) = pathlib.Path(folder).rglob("reflection_pb2.py")
        sys.path.insert(0, str(source.parent))
        return importlib.import_module("reflection_pb2")


class Server:
    def __init__(self, target):
        self.channel = grpc.insecure_channel(target)
        self.messages = reflection_messages()
        self.pool = descriptor_pool.DescriptorPool()
        self.known = set()

    def ask(self, **question):
        call = self.channel.stream_stream(
            REFLECTION, request_serializer=lambda m: m.SerializeToString(), response_deserializer=self.messages.ServerReflectionResponse.FromString)
        (answer,) = call(iter([self.messages.ServerReflectionRequest(**question)]), timeout=10)
        if answer.HasField("error_response"):
            raise LookupError(f"{question}: {answer.error_response.error_message}")
        return answer

    def services(self):
        return sorted(service.name for service in self.ask(list_services="").list_services_response.service)

    def load(self, **question):
        for data in self.ask(**question).file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(data)
            if file.name in self.known:
                continue
            self.known.add(file.name)
            for dependency in file.dependency:
                if dependency not in self.known:
                    self.load(file_by_filename=dependency)
            self.pool.Add(file)

    def method(self, full_name):
        service, name = full_name.split("/")
        self.load(file_containing_symbol=service)
        return self.pool.FindServiceByName(service).methods_by_name[name]

    def call(self, full_name, request, token):
        method = self.method(full_name)
        factory = message_factory.MessageFactory(self.pool)
        build = lambda given: json_format.ParseDict(given, factory.GetPrototype(method.input_type)())
        request, kind = (iter([build(each) for each in request]), self.channel.stream_unary) if isinstance(request, list) else (build(request), self.channel.unary_unary)
        answer = factory.GetPrototype(method.output_type)
        unary = kind(f"/{full_name}", request_serializer=lambda m: m.SerializeToString(), response_deserializer=answer.FromString)
        metadata = [("authorization", f"Bearer {token}")] if token else []
        try:
            return {"code": "OK", "answer": json_format.MessageToDict(unary(request, timeout=10, metadata=metadata))}
        except grpc.RpcError as error:
            details = dict(error.trailing_metadata()).get("grpc-status-details-bin", b"")
            return {"code": error.code().name, "message": error.details(), "details_bytes": len(details), "names_reason": b"fivestrand" in details}


def main(target, method, request, token=""):
    server = Server(target)
    print(json.dumps({"services": server.services(), **server.call(method, json.loads(request), token)}))


if __name__ == "__main__":
    main(*sys.argv[1:])

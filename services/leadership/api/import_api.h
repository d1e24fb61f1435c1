// ImportSchools and ImportPeople: all rows of a file or none.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_API_IMPORT_API_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_API_IMPORT_API_H_

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::rpc {
class Server;
}

namespace fivestrand::leadership::api {

// `registry` outlives the server.
void BindImports(resource::Registry& registry, rpc::Server& server);

}  // namespace fivestrand::leadership::api

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_API_IMPORT_API_H_

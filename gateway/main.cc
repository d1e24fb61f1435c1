#include "gateway/src/app/gateway_app.h"
#include "platform/app/app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand-gateway"}, argc, argv);
  builder.Add(&fivestrand::gateway::RegisterGateway);
  return builder.Run();
}

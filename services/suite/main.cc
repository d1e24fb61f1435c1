// The whole suite in one process: what a newcomer, a small trust and a laptop run. Nothing exists only here.
#include "gateway/src/app/gateway_app.h"
#include "platform/app/app.h"
#include "services/leadership/app/leadership_app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand", .suite = true}, argc, argv);
  builder.Add(&fivestrand::leadership::RegisterLeadership);
  builder.Add(&fivestrand::gateway::RegisterGateway);
  return builder.Run();
}

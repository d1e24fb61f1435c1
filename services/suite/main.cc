// The whole suite in one process: what a newcomer, a small trust and a laptop run. Nothing exists only here.
#include "gateway/src/app/gateway_app.h"
#include "platform/app/app.h"
#include "services/assessment/app/assessment_app.h"
#include "services/cpd/app/cpd_app.h"
#include "services/leadership/app/leadership_app.h"
#include "services/suite/cli/cli.h"
#include "services/welfare/app/welfare_app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand", .suite = true}, argc, argv);
  builder.Add(&fivestrand::leadership::RegisterLeadership);
  builder.Add(&fivestrand::cpd::RegisterCpd);
  builder.Add(&fivestrand::assessment::RegisterAssessment);
  builder.Add(&fivestrand::welfare::RegisterWelfare);
  builder.Add(&fivestrand::gateway::RegisterGateway);
  builder.Add(&fivestrand::cli::RegisterCli);
  builder.Add(&fivestrand::cli::RegisterDemo);
  return builder.Run();
}

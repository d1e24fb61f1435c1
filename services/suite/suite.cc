#include "services/suite/suite.h"

#include "gateway/src/app/gateway_app.h"
#include "platform/app/app.h"
#include "services/assessment/app/assessment_app.h"
#include "services/cpd/app/cpd_app.h"
#include "services/leadership/app/leadership_app.h"
#include "services/suite/cli/cli.h"
#include "services/welfare/app/welfare_app.h"

namespace fivestrand {

void AddSuite(app::AppBuilder* builder) {
  builder->Add(&leadership::RegisterLeadership);
  builder->Add(&cpd::RegisterCpd);
  builder->Add(&assessment::RegisterAssessment);
  builder->Add(&welfare::RegisterWelfare);
  builder->Add(&gateway::RegisterGateway);
  builder->Add(&cli::RegisterCli);
  builder->Add(&cli::RegisterDemo);
}

}  // namespace fivestrand

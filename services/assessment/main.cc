#include "platform/app/app.h"
#include "services/assessment/app/assessment_app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand-assessment"}, argc, argv);
  builder.Add(&fivestrand::assessment::RegisterAssessment);
  return builder.Run();
}

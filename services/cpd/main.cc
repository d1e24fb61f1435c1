#include "platform/app/app.h"
#include "services/cpd/app/cpd_app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand-cpd"}, argc, argv);
  builder.Add(&fivestrand::cpd::RegisterCpd);
  return builder.Run();
}

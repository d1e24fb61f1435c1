// The whole suite in one process: what a newcomer, a small trust and a laptop run. Nothing exists only here.
#include "platform/app/app.h"
#include "services/suite/suite.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand", .suite = true}, argc, argv);
  fivestrand::AddSuite(&builder);
  return builder.Run();
}

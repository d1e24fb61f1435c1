#include "platform/app/app.h"
#include "services/leadership/app/leadership_app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand-leadership"}, argc, argv);
  builder.Add(&fivestrand::leadership::RegisterLeadership);
  return builder.Run();
}

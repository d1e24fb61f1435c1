#include "platform/app/app.h"
#include "services/welfare/app/welfare_app.h"

int main(int argc, char** argv) {
  fivestrand::app::AppBuilder builder({.program = "fivestrand-welfare"}, argc, argv);
  builder.Add(&fivestrand::welfare::RegisterWelfare);
  return builder.Run();
}

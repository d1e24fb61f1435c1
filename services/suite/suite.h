// Everything that the suite is made of.
#ifndef FIVESTRAND_SERVICES_SUITE_SUITE_H_
#define FIVESTRAND_SERVICES_SUITE_SUITE_H_

namespace fivestrand::app {
class AppBuilder;
}

namespace fivestrand {

void AddSuite(app::AppBuilder* builder);

}  // namespace fivestrand

#endif  // FIVESTRAND_SERVICES_SUITE_SUITE_H_

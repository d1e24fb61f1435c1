// The organisation as services other than its owner know it: mirrors of leadership's records, filled by following its feed. One
// call in a service's spec does it all:
//
//   service::RecordServiceSpec spec;
//   spec.migrations = {store::Migrations()};
//   organisation::FollowOrganisation(&spec);
//
// Readers of these tables are in services/organisation/store: calendars of schools, and who is who at a day. Leadership, which
// keeps the originals in tables of the same shape, uses the readers and nothing of this header.
#ifndef FIVESTRAND_SERVICES_ORGANISATION_APP_ORGANISATION_H_
#define FIVESTRAND_SERVICES_ORGANISATION_APP_ORGANISATION_H_

#include <vector>

#include "absl/status/status.h"

namespace google::protobuf {
class Descriptor;
}

namespace fivestrand::resource {
class Registry;
}

namespace fivestrand::service {
struct RecordServiceSpec;
}

namespace fivestrand::organisation {

// Trust, school, subject, class, person, post, line management, role grant, academic year, bank holiday and improvement thread;
// those that others belong to first.
std::vector<const google::protobuf::Descriptor*> MirroredTypes();

// Declares the mirrors in a registry that no spec is behind, such as that of a test.
absl::Status DeclareOrganisation(resource::Registry* registry);

// Adds the migrations in front of the spec's own, the mirrors, and the feed of leadership that fills them. Afterwards the spec's
// other series can go on being added.
void FollowOrganisation(service::RecordServiceSpec* spec);

}  // namespace fivestrand::organisation

#endif  // FIVESTRAND_SERVICES_ORGANISATION_APP_ORGANISATION_H_

// The observer of results under the names that the store's own code has for it.
#ifndef FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_OBSERVER_H_
#define FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_OBSERVER_H_

#include "services/assessment/domain/result_observer.h"

namespace fivestrand::assessment::store {

using domain::ResultCommit;
using domain::ResultObserver;

}  // namespace fivestrand::assessment::store

#endif  // FIVESTRAND_SERVICES_ASSESSMENT_STORE_RESULT_OBSERVER_H_

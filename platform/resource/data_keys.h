// Wrapped data keys in table data_key of the service's own store.
#ifndef FIVESTRAND_PLATFORM_RESOURCE_DATA_KEYS_H_
#define FIVESTRAND_PLATFORM_RESOURCE_DATA_KEYS_H_

#include <memory>

#include "platform/crypto/field_cipher.h"
#include "platform/store/store.h"

namespace fivestrand::resource {

// `store` outlives the answer.
std::unique_ptr<crypto::DataKeyStore> NewDataKeyStore(store::Store* store);

}  // namespace fivestrand::resource

#endif  // FIVESTRAND_PLATFORM_RESOURCE_DATA_KEYS_H_

// The four kinds of sealed record (check-in, concern, support, follow-up) seen as one: whom they name, and who may read which part.
#ifndef FIVESTRAND_SERVICES_WELFARE_DOMAIN_MATTER_H_
#define FIVESTRAND_SERVICES_WELFARE_DOMAIN_MATTER_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace google::protobuf {
class Message;
}

namespace fivestrand::welfare::domain {

// How a record names somebody. Numbers are kept in the store.
enum class Part { kPerson = 1, kHolder = 2, kRaiser = 3, kReader = 4 };

struct Party {
  Part part;
  std::string person;  // resource name
  // Whether the record exists for them. A concern does not for the person whom it is about, until something is shared.
  bool visible = true;
};

// An empty record of the kind that the name is of; null when it is none of the four.
std::unique_ptr<google::protobuf::Message> NewMatter(std::string_view name);

// Everybody whom the record names. Its sealed fields must be in it.
std::vector<Party> PartiesOf(const google::protobuf::Message& record);

// Whether the record is visible to `caller`. Takes out of it every sealed field that the caller may not read; all of them, when it
// is not visible.
bool Reveal(std::string_view caller, google::protobuf::Message* record);

// Takes every text out, as lists do.
void HideTexts(google::protobuf::Message* record);

}  // namespace fivestrand::welfare::domain

#endif  // FIVESTRAND_SERVICES_WELFARE_DOMAIN_MATTER_H_

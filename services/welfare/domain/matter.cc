#include "services/welfare/domain/matter.h"

#include <array>
#include <cstdint>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "fivestrand/welfare/v1/welfare.pb.h"

#include "platform/resource/declaration.h"

namespace fivestrand::welfare::domain {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

constexpr unsigned Bit(Part part) {
  return 1U << static_cast<unsigned>(part);
}
constexpr unsigned kPerson = Bit(Part::kPerson), kHolder = Bit(Part::kHolder), kRaiser = Bit(Part::kRaiser),
                   kReader = Bit(Part::kReader);

struct Rule {
  std::string_view field;
  unsigned parts;
  bool text;
};

// Who reads which sealed field. A field that stands here and not in the kind is skipped; a sealed field of a kind that does not
// stand here would be read by everybody named, which a test rules out.
constexpr std::array<Rule, 10> kRules = {{
    {"person", kPerson | kHolder | kRaiser | kReader, false},
    {"circle", kPerson | kHolder, false},
    {"kind", kPerson | kHolder | kReader, false},
    // Third persons and their words are not for the person, nor for whom the person lets in.
    {"raised_by", kHolder | kRaiser, false},
    {"text", kHolder | kRaiser, true},
    {"note", kHolder | kReader, true},
    {"request", kPerson | kHolder, true},
    {"agreed", kPerson | kHolder | kReader, true},
    {"action", kPerson | kHolder | kReader, true},
    // What it follows up may be a concern that the person does not know of.
    {"record", kHolder, false},
}};

const FieldDescriptor* Find(const Message& record, std::string_view name) {
  return record.GetDescriptor()->FindFieldByName(std::string(name));
}

std::string Text(const Message& record, std::string_view name) {
  const FieldDescriptor* field = Find(record, name);
  return field == nullptr ? std::string() : record.GetReflection()->GetString(record, field);
}

bool KnownToPerson(const Message& record) {
  if (record.GetDescriptor() != v1::WelfareConcern::descriptor()) return true;
  const auto& concern = static_cast<const v1::WelfareConcern&>(record);
  return !concern.agreed().empty() || concern.raised_by() == concern.person();
}

}  // namespace

std::unique_ptr<Message> NewMatter(std::string_view name) {
  const std::string_view path = resource::PathOf(name);
  const std::string_view collection = path.substr(0, path.find('/'));
  if (collection == "checkIns") return std::make_unique<v1::CheckIn>();
  if (collection == "welfareConcerns") return std::make_unique<v1::WelfareConcern>();
  if (collection == "supports") return std::make_unique<v1::Support>();
  if (collection == "welfareFollowUps") return std::make_unique<v1::FollowUp>();
  return nullptr;
}

std::vector<Party> PartiesOf(const Message& record) {
  std::vector<Party> parties;
  auto add = [&](Part part, std::string person, bool visible) {
    if (!person.empty()) parties.push_back({part, std::move(person), visible});
  };
  add(Part::kPerson, Text(record, "person"), KnownToPerson(record));
  add(Part::kHolder, Text(record, "holder"), true);
  add(Part::kRaiser, Text(record, "raised_by"), true);
  // A notice is for those who are told and for who caused it.
  add(Part::kReader, Text(record, "opened_by"), true);
  add(Part::kReader, Text(record, "second_officer"), true);
  if (const FieldDescriptor* field = Find(record, "circle")) {
    const auto& circle = static_cast<const v1::Circle&>(record.GetReflection()->GetMessage(record, field));
    for (const std::string& reader : circle.readers()) add(Part::kReader, reader, true);
  }
  return parties;
}

bool Reveal(std::string_view caller, Message* record) {
  unsigned parts = 0;
  for (const Party& party : PartiesOf(*record)) {
    if (party.visible && party.person == caller) parts |= Bit(party.part);
  }
  for (const Rule& rule : kRules) {
    const FieldDescriptor* field = Find(*record, rule.field);
    if (field != nullptr && (rule.parts & parts) == 0) record->GetReflection()->ClearField(record, field);
  }
  return parts != 0;
}

void HideTexts(Message* record) {
  for (const Rule& rule : kRules) {
    const FieldDescriptor* field = Find(*record, rule.field);
    if (rule.text && field != nullptr) record->GetReflection()->ClearField(record, field);
  }
}

}  // namespace fivestrand::welfare::domain

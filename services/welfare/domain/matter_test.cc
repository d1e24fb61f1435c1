#include "services/welfare/domain/matter.h"

#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>
#include <memory>

#include "fivestrand/options/v1/options.pb.h"
#include "fivestrand/welfare/v1/welfare.pb.h"

namespace fivestrand::welfare::domain {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// A field that is sealed in the contract and not known here would be shown to everybody whom the record names.
TEST(RevealTest, TakesEverySealedFieldFromAStranger) {
  for (const Descriptor* kind :
       {v1::CheckIn::descriptor(), v1::WelfareConcern::descriptor(), v1::Support::descriptor(), v1::FollowUp::descriptor()}) {
    std::unique_ptr<Message> record(google::protobuf::MessageFactory::generated_factory()->GetPrototype(kind)->New());
    const auto* reflection = record->GetReflection();
    for (int i = 0; i < kind->field_count(); ++i) {
      const FieldDescriptor* field = kind->field(i);
      if (field->is_repeated()) continue;
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING)
        reflection->SetString(record.get(), field, "trusts/t/people/someone");
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_ENUM) reflection->SetEnumValue(record.get(), field, 1);
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) reflection->MutableMessage(record.get(), field);
    }
    EXPECT_FALSE(Reveal("trusts/t/people/stranger", record.get())) << kind->name();
    for (int i = 0; i < kind->field_count(); ++i) {
      const FieldDescriptor* field = kind->field(i);
      const auto sensitivity = field->options().GetExtension(options::v1::field).sensitivity();
      if (sensitivity != options::v1::SPECIAL_CATEGORY && sensitivity != options::v1::CONFIDENTIAL) continue;
      EXPECT_FALSE(field->is_repeated());
      EXPECT_FALSE(reflection->HasField(*record, field)) << field->full_name();
    }
  }
}

TEST(RevealTest, WhoeverIsBothReadsBoth) {
  v1::WelfareConcern concern;
  concern.set_person("p");
  concern.set_raised_by("p");
  concern.set_holder("h");
  concern.set_text("own words");
  concern.set_note("note");
  EXPECT_TRUE(Reveal("p", &concern));
  EXPECT_EQ(concern.text(), "own words");
  EXPECT_EQ(concern.note(), "");
}

TEST(RevealTest, ListsKeepNoText) {
  v1::FollowUp follow_up;
  follow_up.set_person("p");
  follow_up.set_action("something");
  HideTexts(&follow_up);
  EXPECT_EQ(follow_up.action(), "");
  EXPECT_EQ(follow_up.person(), "p");
}

}  // namespace
}  // namespace fivestrand::welfare::domain

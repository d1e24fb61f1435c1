#include "platform/rpc/validator.h"

#include "fivestrand/rpctest/v1/notes.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include "platform/rpc/resource_index.h"
#include "platform/rpc/server.h"
#include "platform/status/status.h"

namespace fivestrand::rpc {
namespace {

using rpctest::v1::CreateNoteRequest;
using rpctest::v1::ListNotesRequest;
using rpctest::v1::Note;
using rpctest::v1::UpdateNoteRequest;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ValidatorTest : public ::testing::Test {
 protected:
  ValidatorTest() : index_(*ResourceIndex::OfLinkedProtos()), validators_(&index_) {
    request_.set_parent("trusts/t/schools/s");
    note().set_title("A title");
    note().set_kind(Note::SHORT);
  }

  Note& note() { return *request_.mutable_note(); }

  absl::Status Check(const char* method, google::protobuf::Message* request) {
    return validators_.ForMethod(FindMethod(absl::StrCat("fivestrand.rpctest.v1.NoteService.", method)))->Check(request);
  }

  // Fields that are refused, with the reasons, in the order of the message.
  std::vector<std::string> Refused(const char* method, google::protobuf::Message* request) {
    std::vector<std::string> result;
    for (const auto& violation : status::ViolationsOf(Check(method, request))) {
      result.push_back(violation.field + " " + violation.description);
    }
    return result;
  }
  std::vector<std::string> Refused() { return Refused("CreateNote", &request_); }

  ResourceIndex index_;
  Validators validators_;
  CreateNoteRequest request_;
};

TEST_F(ValidatorTest, WhatFitsPasses) {
  note().set_code("ABC");
  note().set_hours(10);
  note().add_tags("one");
  note().add_parts()->set_text("text");
  note().set_follows("trusts/t/schools/s/notes/n");
  note().set_owner("trusts/t/things/a-thing");
  note().mutable_start_time()->set_seconds(1700000000);
  note().mutable_day()->set_year(2024);
  note().mutable_day()->set_month(2);
  note().mutable_day()->set_day(29);
  note().set_share(0.5);
  note().set_size(100);
  request_.set_request_id("0b8f3a52-6d0e-4a4f-8f0e-0a1b2c3d4e5f");
  EXPECT_THAT(Refused(), IsEmpty());
}

TEST_F(ValidatorTest, EverythingThatIsWrongIsNamedAtOnce) {
  request_.set_parent("trusts/t/schools/S");
  note().clear_title();
  note().set_kind(static_cast<Note::Kind>(77));
  note().set_body(std::string(201, 'x'));
  note().set_code("ABCD");
  note().set_hours(11);
  for (int i = 0; i < 4; ++i) note().add_tags("tag");
  note().add_parts()->set_text("fits");
  note().add_parts();
  note().set_follows("trusts/t/notes/n");
  note().set_owner("not a name");
  note().mutable_start_time()->set_nanos(-1);
  note().mutable_day()->set_year(2023);
  note().mutable_day()->set_month(2);
  note().mutable_day()->set_day(29);
  note().set_size(101);
  note().set_share(1.01);
  note().add_kinds(Note::LONG);
  note().add_kinds(static_cast<Note::Kind>(9));
  note().mutable_length()->set_seconds(1);
  note().mutable_length()->set_nanos(-1);
  request_.set_request_id("again");
  EXPECT_THAT(Refused(), ElementsAre("parent is not of the form trusts/{trust}/schools/{school}", "note.title is required",
                                     "note.body is longer than 200 characters", "note.kind 77 is not a value of Kind",
                                     "note.code does not have the expected form", "note.hours is not within -1 and 10",
                                     "note.tags has more than 3 items", "note.parts[1].text is required",
                                     "note.follows is not of the form trusts/{trust}/schools/{school}/notes/{note}",
                                     "note.owner is not a resource name", "note.start_time is not a time",
                                     "note.day is not a day of the calendar", "note.size is not within 1 and 100",
                                     "note.share is not within 0 and 1", "note.kinds[1] 9 is not a value of Kind",
                                     "note.length is not a duration", "request_id is not a UUID"));
}

TEST_F(ValidatorTest, LengthIsCountedInCharacters) {
  std::string title;
  for (int i = 0; i < 20; ++i) title += "€";
  note().set_title(title);
  EXPECT_THAT(Refused(), IsEmpty());
  note().set_title(title + "€");
  EXPECT_THAT(Refused(), ElementsAre("note.title is longer than 20 characters"));
}

TEST_F(ValidatorTest, ControlCharactersAreRefused) {
  note().set_body("line\n\tline");
  EXPECT_THAT(Refused(), IsEmpty());
  note().set_body(std::string("a\0b", 3));
  EXPECT_THAT(Refused(), ElementsAre("note.body has a control character"));
}

TEST_F(ValidatorTest, HugeNumbersDoNotWrap) {
  note().set_size(~uint64_t{0});
  note().set_share(std::numeric_limits<double>::quiet_NaN());
  note().set_hours(std::numeric_limits<int32_t>::min());
  EXPECT_THAT(Refused(), ElementsAre("note.hours is not within -1 and 10", "note.size is not within 1 and 100",
                                     "note.share is not a finite number"));
}

TEST_F(ValidatorTest, OutputOnlyAndUnknownFieldsAreCleared) {
  note().mutable_create_time()->set_seconds(1);
  rpctest::v1::LaterCreateNoteRequest later;
  later.set_added_later("x");
  later.mutable_note()->set_added_later("x");
  ASSERT_TRUE(request_.MergeFromString(later.SerializeAsString()));
  CreateNoteRequest expected = request_;
  expected.DiscardUnknownFields();
  expected.mutable_note()->clear_create_time();
  ASSERT_NE(request_.SerializeAsString(), expected.SerializeAsString());
  EXPECT_THAT(Refused(), IsEmpty());
  EXPECT_EQ(request_.SerializeAsString(), expected.SerializeAsString());
}

TEST_F(ValidatorTest, ARecursiveMessageIsCheckedAtEachDepth) {
  note().mutable_part_of()->mutable_part_of()->set_kind(Note::LONG);
  EXPECT_THAT(Refused(), ElementsAre("note.part_of.title is required", "note.part_of.kind is required",
                                     "note.part_of.part_of.title is required"));
}

TEST_F(ValidatorTest, AMaskSaysWhichFieldsAreRequired) {
  UpdateNoteRequest update;
  update.mutable_note()->set_name("trusts/t/schools/s/notes/n");
  update.mutable_note()->set_body("text");
  EXPECT_THAT(Refused("UpdateNote", &update), IsEmpty());
  update.mutable_update_mask()->add_paths("body");
  EXPECT_THAT(Refused("UpdateNote", &update), IsEmpty());
  update.mutable_update_mask()->add_paths("title");
  EXPECT_THAT(Refused("UpdateNote", &update), ElementsAre("note.title is required"));
  update.mutable_update_mask()->set_paths(1, "*");
  EXPECT_THAT(Refused("UpdateNote", &update), ElementsAre("note.title is required", "note.kind is required"));
  update.mutable_note()->add_parts();
  update.mutable_update_mask()->clear_paths();
  EXPECT_THAT(Refused("UpdateNote", &update), ElementsAre("note.parts[0].text is required"));
  update.clear_note();
  EXPECT_THAT(Refused("UpdateNote", &update), ElementsAre("note is required"));
}

TEST_F(ValidatorTest, OnlyTheParentOfAListTakesAny) {
  ListNotesRequest list;
  list.set_parent("trusts/t/schools/-");
  EXPECT_THAT(Refused("ListNotes", &list), IsEmpty());
  request_.set_parent("trusts/t/schools/-");
  EXPECT_THAT(Refused(), ElementsAre("parent is not of the form trusts/{trust}/schools/{school}"));
}

TEST(NamesTest, LooksLikeResourceName) {
  EXPECT_TRUE(LooksLikeResourceName("trusts/t", false));
  EXPECT_TRUE(LooksLikeResourceName("trusts/t/dropIns/d/model", false));
  EXPECT_TRUE(LooksLikeResourceName("trusts/t/schools/-", true));
  for (const char* bad :
       {"", "/", "trusts/", "trusts//a", "Trusts/t", "trusts/t/", "trusts/T", "trusts/t/schools/-", "trusts/ü", "tr-usts/t"}) {
    EXPECT_FALSE(LooksLikeResourceName(bad, false)) << bad;
  }
}

}  // namespace
}  // namespace fivestrand::rpc

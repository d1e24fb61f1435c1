// Puts records into a store as the registry would, without its rules: for tests of the readers.
#ifndef FIVESTRAND_SERVICES_LEADERSHIP_STORE_TEST_RECORDS_H_
#define FIVESTRAND_SERVICES_LEADERSHIP_STORE_TEST_RECORDS_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "fivestrand/leadership/v1/visibility.pb.h"
#include "google/protobuf/message.h"

#include "platform/store/store.h"
#include "platform/testing/temp_store.h"

namespace fivestrand::leadership::store {

// Times of day in London, which is UTC in winter and an hour ahead in summer.
absl::Time At(std::string_view day, int hour, int minute = 0);

class TestRecords {
 public:
  explicit TestRecords(testing::EngineKind engine);

  fivestrand::store::Store& store() { return *store_; }

  // Adds the record under its name, or replaces it.
  void Put(const google::protobuf::Message& record);
  // Marks it as deleted.
  void Delete(const google::protobuf::Message& record);
  // Many at once.
  void PutAll(const std::vector<std::unique_ptr<google::protobuf::Message>>& records);

  void AddTrust(std::string_view trust = "acorn");
  void AddSchool(std::string_view school, std::string_view trust = "acorn");
  // The usual year 2025-26 or 2026-27.
  void AddYear(std::string_view school, int start_year, std::string_view trust = "acorn");
  void AddHeadteacher(std::string_view school, std::string_view person, std::string_view start, std::string_view end = "",
                      std::string_view trust = "acorn");
  void AddClass(std::string_view school, std::string_view id, std::string_view academic_year, std::string_view trust = "acorn");

  v1::DropIn DropIn(std::string_view school, std::string_view leader, absl::Time time, std::string_view school_class = "maple");
  v1::Duty Duty(std::string_view school, std::string_view leader, absl::Time time, v1::Duty::Kind kind);
  v1::ModelledLesson Lesson(std::string_view school, std::string_view leader, absl::Time time);
  v1::Visit Visit(std::string_view school, absl::Time time, v1::Visit::State state);

 private:
  std::string NextId() { return "r" + std::to_string(++last_id_); }
  void Write(const google::protobuf::Message& record, bool deleted, fivestrand::store::Session& session);

  std::unique_ptr<testing::TempStore> temp_;
  std::unique_ptr<fivestrand::store::Store> store_;
  int last_id_ = 0;
};

}  // namespace fivestrand::leadership::store

#endif  // FIVESTRAND_SERVICES_LEADERSHIP_STORE_TEST_RECORDS_H_

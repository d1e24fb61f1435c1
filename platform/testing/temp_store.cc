#include "platform/testing/temp_store.h"

#include <algorithm>
#include <filesystem>
#include <stdlib.h>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#include "platform/testing/postgres_server.h"

namespace fivestrand::testing {

const char* EngineName(EngineKind kind) {
  return kind == EngineKind::kSqlite ? "sqlite" : "postgres";
}

absl::StatusOr<std::unique_ptr<TempStore>> TempStore::Create(EngineKind kind) {
  std::unique_ptr<TempStore> temp(new TempStore);
  std::string pattern = (std::filesystem::temp_directory_path() / "fivestrand-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) return absl::UnavailableError("mkdtemp");
  temp->folder_ = pattern;
  if (kind == EngineKind::kSqlite) {
    temp->url_ = absl::StrCat("sqlite:", temp->folder_, "/store.db");
    return temp;
  }
  auto server = TestPostgresUrl();
  if (!server.ok()) return server.status();
  // The folder's name is unique on this machine, and test runs on several machines do not share a server.
  std::string database = std::filesystem::path(temp->folder_).filename().string();
  std::transform(database.begin(), database.end(), database.begin(), [](char c) { return c == '-' ? '_' : c; });
  const std::string create = absl::StrCat("CREATE DATABASE \"", database, "\" TEMPLATE template0 ENCODING 'UTF8'");
  absl::Status status = RunPostgres(*server, create + " LOCALE_PROVIDER icu ICU_LOCALE 'en-GB' LOCALE 'C'");
  // Before PostgreSQL 15, or without ICU.
  if (absl::IsInternal(status)) status = RunPostgres(*server, create);
  if (!status.ok()) return status;
  temp->server_ = *server;
  temp->database_ = database;
  temp->url_ = WithDatabase(*server, database);
  return temp;
}

TempStore::~TempStore() {
  // What is left behind after an error here hurts nobody.
  if (!database_.empty()) RunPostgres(server_, absl::StrCat("DROP DATABASE \"", database_, "\" WITH (FORCE)")).IgnoreError();
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

}  // namespace fivestrand::testing

#include "services/welfare/store/pulse_store.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

#include "platform/names/names.h"
#include "platform/resource/declaration.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"

namespace fivestrand::welfare::store {
namespace {

using domain::Ballot;
using domain::BoxKey;
using domain::Figure;
using domain::Invitation;
using domain::ScopeFigures;
using fivestrand::store::Param;
using fivestrand::store::Row;
using fivestrand::store::Session;
using fivestrand::store::WriteTransaction;

constexpr int kAnswers = 1;
constexpr int kTokens = 2;
// Blocks are made for a quarter more than are invited, so that a late one hardly ever finds all of them full.
constexpr std::size_t kSpare = 4;
constexpr std::size_t kMaxBlocks = 64;

struct Where {
  std::string_view trust, path;
};
Where Of(std::string_view survey) {
  return {names::TrustOf(survey), resource::PathOf(survey)};
}

std::string KeyLabel(std::string_view survey) {
  return absl::StrCat("pulse_key/", AbslView(survey));
}
std::string BlockLabel(std::string_view survey, int kind, std::int64_t block) {
  return absl::StrCat("pulse_box/", AbslView(survey), "/", kind, "/", block);
}

absl::Status Damaged() {
  return status::DataLoss("pulse_box: a block does not open");
}

absl::StatusOr<std::int64_t> CountBlocks(Session& session, std::string_view survey, int kind) {
  std::int64_t count = 0;
  FIVESTRAND_RETURN_IF_ERROR(session.Query("SELECT COUNT(*) FROM pulse_box WHERE trust = $1 AND survey = $2 AND kind = $3",
                                           {Of(survey).trust, Of(survey).path, kind}, [&](const Row& row) {
                                             count = row.Int(0);
                                             return absl::OkStatus();
                                           }));
  return count;
}

absl::StatusOr<std::string> ReadBlock(Session& session, const BoxKey& key, std::string_view survey, int kind, std::int64_t block) {
  std::optional<std::string> opened;
  FIVESTRAND_ASSIGN_OR_RETURN(
      const bool found,
      session.QueryOne("SELECT sealed FROM pulse_box WHERE trust = $1 AND survey = $2 AND kind = $3 AND block = $4",
                       {Of(survey).trust, Of(survey).path, kind, block}, [&](const Row& row) {
                         opened = key.Open(BlockLabel(survey, kind, block), row.Blob(0));
                         return absl::OkStatus();
                       }));
  if (!found || !opened) return Damaged();
  return *std::move(opened);
}

absl::Status WriteBlock(WriteTransaction& transaction, const BoxKey& key, std::string_view survey, int kind, std::int64_t block,
                        std::string_view content) {
  const std::string sealed = key.Seal(BlockLabel(survey, kind, block), content);
  return transaction
      .Execute(
          "INSERT INTO pulse_box (trust, survey, kind, block, sealed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (trust, survey, "
          "kind, "
          "block) DO UPDATE SET sealed = excluded.sealed",
          {Of(survey).trust, Of(survey).path, kind, block, Param::Blob(sealed)})
      .status();
}

// Which of `blocks` a hash belongs to: its own bytes say so.
std::int64_t BlockOf(std::string_view token, std::int64_t blocks) {
  std::uint32_t number = 0;
  for (int i = 0; i < 4; ++i) number = number << 8 | static_cast<unsigned char>(token[token.size() - 1 - static_cast<size_t>(i)]);
  return static_cast<std::int64_t>(number) % blocks;
}

}  // namespace

absl::StatusOr<std::optional<PulseStore::Box>> PulseStore::ReadBox(Session& session, std::string_view survey) const {
  std::string sealed;
  FIVESTRAND_ASSIGN_OR_RETURN(const bool found, session.QueryOne("SELECT sealed FROM pulse_key WHERE trust = $1 AND survey = $2",
                                                                 {Of(survey).trust, Of(survey).path}, [&](const Row& row) {
                                                                   sealed = std::string(row.Blob(0));
                                                                   return absl::OkStatus();
                                                                 }));
  if (!found) return std::optional<Box>();
  FIVESTRAND_ASSIGN_OR_RETURN(std::string bytes, cipher_.Open(Of(survey).trust, KeyLabel(survey), sealed));
  std::optional<BoxKey> key = BoxKey::FromBytes(std::string_view(bytes).substr(0, crypto::kKeyBytes));
  if (!key) return status::DataLoss("pulse_key: not a key");
  Box box{*std::move(key), {}};
  const std::string schools = bytes.substr(crypto::kKeyBytes);
  if (!schools.empty()) box.schools = absl::StrSplit(schools, '\n');
  crypto::WipeText(&bytes);
  return std::optional<Box>(std::move(box));
}

absl::StatusOr<PulseStore::Box> PulseStore::MakeBox(WriteTransaction& transaction, std::string_view survey,
                                                    Invitation invitation) const {
  Box box{BoxKey::Random(), std::move(invitation.schools)};
  if (box.schools.size() > domain::kMaxSchools) box.schools.resize(domain::kMaxSchools);
  std::string bytes = box.key.ToBytes() + absl::StrJoin(box.schools, "\n");
  absl::StatusOr<std::string> sealed = cipher_.Seal(Of(survey).trust, KeyLabel(survey), bytes);
  crypto::WipeText(&bytes);
  FIVESTRAND_RETURN_IF_ERROR(sealed.status());
  FIVESTRAND_RETURN_IF_ERROR(transaction
                                 .Execute("INSERT INTO pulse_key (trust, survey, sealed) VALUES ($1, $2, $3)",
                                          {Of(survey).trust, Of(survey).path, Param::Blob(*sealed)})
                                 .status());
  const std::size_t places = invitation.persons + invitation.persons / kSpare + 1;
  const std::size_t blocks = std::min(kMaxBlocks, (places + domain::kBlockPlaces - 1) / domain::kBlockPlaces);
  for (std::size_t i = 0; i < blocks; ++i) {
    const auto block = static_cast<std::int64_t>(i);
    FIVESTRAND_RETURN_IF_ERROR(WriteBlock(transaction, box.key, survey, kAnswers, block, domain::EmptyBlock()));
    FIVESTRAND_RETURN_IF_ERROR(WriteBlock(transaction, box.key, survey, kTokens, block, domain::EmptyList()));
  }
  return box;
}

absl::Status PulseStore::Answer(WriteTransaction& transaction, std::string_view survey, std::string_view person,
                                const Ballot& ballot, absl::FunctionRef<absl::StatusOr<Invitation>()> invite) const {
  FIVESTRAND_ASSIGN_OR_RETURN(std::optional<Box> box, ReadBox(transaction, survey));
  if (!box) {
    FIVESTRAND_ASSIGN_OR_RETURN(Invitation invitation, invite());
    FIVESTRAND_ASSIGN_OR_RETURN(box, MakeBox(transaction, survey, std::move(invitation)));
  }
  const std::string token = box->key.TokenOf(person);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t lists, CountBlocks(transaction, survey, kTokens));
  if (lists == 0) return Damaged();
  FIVESTRAND_ASSIGN_OR_RETURN(std::string list, ReadBlock(transaction, box->key, survey, kTokens, BlockOf(token, lists)));
  if (domain::HasToken(list, token)) return status::AlreadyExists("fivestrand/PulseAnswer", survey);
  domain::PutToken(token, &list);

  domain::BoxedAnswer answer;
  const auto place = std::find(box->schools.begin(), box->schools.end(), ballot.school);
  answer.school = static_cast<std::uint8_t>(place - box->schools.begin());
  answer.ratings = ballot.ratings;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t blocks, CountBlocks(transaction, survey, kAnswers));
  // Any block, then the next one that has room; a new one when none has.
  const std::int64_t first = domain::RandomBelow(static_cast<std::uint32_t>(blocks));
  std::int64_t block = blocks;
  std::string content = domain::EmptyBlock();
  for (std::int64_t i = 0; i < blocks; ++i) {
    const std::int64_t candidate = (first + i) % blocks;
    FIVESTRAND_ASSIGN_OR_RETURN(std::string opened, ReadBlock(transaction, box->key, survey, kAnswers, candidate));
    if (!domain::PutAnswer(answer, &opened)) continue;
    block = candidate;
    content = std::move(opened);
    break;
  }
  if (block == blocks) domain::PutAnswer(answer, &content);
  FIVESTRAND_RETURN_IF_ERROR(WriteBlock(transaction, box->key, survey, kTokens, BlockOf(token, lists), list));
  return WriteBlock(transaction, box->key, survey, kAnswers, block, content);
}

absl::StatusOr<bool> PulseStore::HasAnswered(Session& session, std::string_view survey, std::string_view person) const {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<Box> box, ReadBox(session, survey));
  if (!box) return false;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t lists, CountBlocks(session, survey, kTokens));
  if (lists == 0) return Damaged();
  const std::string token = box->key.TokenOf(person);
  FIVESTRAND_ASSIGN_OR_RETURN(const std::string list, ReadBlock(session, box->key, survey, kTokens, BlockOf(token, lists)));
  return domain::HasToken(list, token);
}

absl::StatusOr<std::size_t> PulseStore::CountAnswered(Session& session, std::string_view survey) const {
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<Box> box, ReadBox(session, survey));
  if (!box) return 0;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t lists, CountBlocks(session, survey, kTokens));
  std::size_t count = 0;
  for (std::int64_t i = 0; i < lists; ++i) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string list, ReadBlock(session, box->key, survey, kTokens, i));
    count += domain::TokensIn(list);
  }
  return count;
}

absl::StatusOr<std::vector<Ballot>> PulseStore::ReadAnswers(Session& session, std::string_view survey) const {
  std::vector<Ballot> ballots;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::optional<Box> box, ReadBox(session, survey));
  if (!box) return ballots;
  FIVESTRAND_ASSIGN_OR_RETURN(const std::int64_t blocks, CountBlocks(session, survey, kAnswers));
  for (std::int64_t i = 0; i < blocks; ++i) {
    FIVESTRAND_ASSIGN_OR_RETURN(const std::string block, ReadBlock(session, box->key, survey, kAnswers, i));
    for (domain::BoxedAnswer& answer : domain::AnswersOf(block)) {
      const bool named = answer.school < box->schools.size();
      ballots.push_back({named ? box->schools[answer.school] : std::string(), std::move(answer.ratings)});
    }
  }
  for (std::size_t i = ballots.size(); i > 1; --i) {
    std::swap(ballots[i - 1], ballots[domain::RandomBelow(static_cast<std::uint32_t>(i))]);
  }
  return ballots;
}

absl::Status PulseStore::Destroy(WriteTransaction& transaction, std::string_view survey) const {
  const auto [trust, path] = Of(survey);
  // What a removal leaves behind in a file is then the noise, not what it was.
  const std::string noise = BoxKey::Random().ToBytes();
  for (const char* sql : {"UPDATE pulse_key SET sealed = $3 WHERE trust = $1 AND survey = $2",
                          "UPDATE pulse_box SET sealed = $3 WHERE trust = $1 AND survey = $2"}) {
    FIVESTRAND_RETURN_IF_ERROR(transaction.Execute(sql, {trust, path, Param::Blob(noise)}).status());
  }
  for (const char* sql :
       {"DELETE FROM pulse_key WHERE trust = $1 AND survey = $2", "DELETE FROM pulse_box WHERE trust = $1 AND survey = $2"}) {
    FIVESTRAND_RETURN_IF_ERROR(transaction.Execute(sql, {trust, path}).status());
  }
  return absl::OkStatus();
}

absl::Status PulseStore::KeepFigures(WriteTransaction& transaction, std::string_view survey,
                                     const std::vector<ScopeFigures>& scopes) const {
  const auto [trust, path] = Of(survey);
  for (const ScopeFigures& scope : scopes) {
    const std::string_view at = scope.school.empty() ? std::string_view() : resource::PathOf(scope.school);
    FIVESTRAND_RETURN_IF_ERROR(
        transaction
            .Execute("INSERT INTO pulse_scope (trust, survey, scope, invited, answered) VALUES ($1, $2, $3, $4, $5)",
                     {trust, path, at, scope.invited ? Param(*scope.invited) : Param(nullptr),
                      scope.answered ? Param(*scope.answered) : Param(nullptr)})
            .status());
    for (const Figure& figure : scope.figures) {
      FIVESTRAND_RETURN_IF_ERROR(
          transaction
              .Execute(
                  "INSERT INTO pulse_figure (trust, survey, scope, question_set, question, answers, points, "
                  "spread) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                  {trust, path, at, static_cast<int>(figure.set), figure.question, figure.answers, figure.index, figure.spread})
              .status());
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<ScopeFigures>> PulseStore::ReadFigures(Session& session, std::string_view survey) const {
  const auto [trust, path] = Of(survey);
  const std::string prefix = absl::StrCat("trusts/", AbslView(trust), "/");
  std::vector<ScopeFigures> scopes;
  const auto name_of = [&](std::string_view scope) {
    return scope.empty() ? std::string() : absl::StrCat(prefix, AbslView(scope));
  };
  FIVESTRAND_RETURN_IF_ERROR(
      session.Query("SELECT scope, invited, answered FROM pulse_scope WHERE trust = $1 AND survey = $2 ORDER BY scope",
                    {trust, path}, [&](const Row& row) {
                      ScopeFigures scope{name_of(row.Text(0)), std::nullopt, std::nullopt, {}};
                      if (!row.IsNull(1)) scope.invited = static_cast<int>(row.Int(1));
                      if (!row.IsNull(2)) scope.answered = static_cast<int>(row.Int(2));
                      scopes.push_back(std::move(scope));
                      return absl::OkStatus();
                    }));
  std::size_t at = 0;
  FIVESTRAND_RETURN_IF_ERROR(session.Query(
      "SELECT scope, question_set, question, answers, points, spread FROM pulse_figure WHERE trust = $1 AND survey = $2 ORDER BY "
      "scope, CASE WHEN question = '' THEN 0 ELSE 1 END, question_set, question",
      {trust, path}, [&](const Row& row) {
        const std::string name = name_of(row.Text(0));
        while (at < scopes.size() && scopes[at].school != name) ++at;
        if (at == scopes.size()) return status::DataLoss("pulse_figure: without its pulse_scope");
        scopes[at].figures.push_back({static_cast<v1::QuestionSet>(row.Int(1)), std::string(row.Text(2)),
                                      static_cast<int>(row.Int(3)), row.Double(4), row.Double(5)});
        return absl::OkStatus();
      }));
  return scopes;
}

}  // namespace fivestrand::welfare::store

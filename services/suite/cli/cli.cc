#include "services/suite/cli/cli.h"

#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

#include "platform/app/app.h"
#include "platform/identity/token.h"
#include "platform/rpc/client.h"
#include "platform/status/macros.h"
#include "platform/status/status.h"
#include "platform/status/views.h"
#include "services/suite/cli/connection.h"
#include "services/suite/cli/console.h"
#include "services/suite/cli/import_assessment_command.h"
#include "services/suite/cli/import_command.h"
#include "services/suite/cli/settings.h"
#include "services/suite/cli/trust_command.h"

namespace fivestrand::cli {
namespace {

// The options that every command has.
struct ServerOptions {
  explicit ServerOptions(app::ConfigTable& table)
      : server(table.Text("server", "",
                          "host:port of the service that the command is for; empty: where that of this configuration listens, or "
                          "127.0.0.1:9090.")),
        key_file(table.Path("signing_key_file", "", "Key that the gateway signs tokens with; empty: that of this configuration.")) {
  }

  app::Value<std::string> server;
  app::Value<std::string> key_file;
};

// A command's connection and what it signs with.
struct Peer {
  std::unique_ptr<identity::TokenSigner> signer;
  std::unique_ptr<rpc::Client> client;
};

// Lives as long as one of its commands can be called.
class Commands : public std::enable_shared_from_this<Commands> {
 public:
  Commands(app::AppBuilder& builder, app::Service& service) : builder_(builder), service_(service), console_(ProcessConsole()) {}

  // A command of one positional argument with --trust.
  using Import = int (*)(const Connection&, const Console&, const ImportOptions&);
  void AddImport(const std::string& words, const std::string& file, const std::string& help, Import import);
  void AddAssessmentImport(const std::string& words, const std::string& help, assessment::v1::ImportKind kind);
  void AddTrustCreate();
  void AddDemoLoad();
  void AddToken();

 private:
  using Run = std::function<int(const ServerOptions& server, const std::vector<std::string>& arguments)>;

  // `make` adds the command's own options and returns what it does.
  void Add(const std::string& words, const std::string& arguments_help, const std::string& help, std::size_t arguments,
           const std::function<Run(app::ConfigTable& table)>& make);

  absl::StatusOr<std::unique_ptr<identity::TokenSigner>> Signer(const ServerOptions& server) const {
    identity::SignerOptions options;
    options.clock = service_.clock();
    return identity::TokenSigner::Open(server.key_file->empty() ? SigningKeyFile(builder_.config()) : *server.key_file, options);
  }

  // `address` gives that of the service in this configuration.
  using Address = std::string (*)(const app::ConfigTable&);
  absl::StatusOr<Peer> Connect(const ServerOptions& server, Address address = &LeadershipAddress) const {
    Peer peer;
    FIVESTRAND_ASSIGN_OR_RETURN(peer.signer, Signer(server));
    rpc::ClientOptions options;
    options.target = server.server->empty() ? address(builder_.config()) : *server.server;
    options.tls = service_.tls();
    FIVESTRAND_ASSIGN_OR_RETURN(peer.client, rpc::Client::Connect(std::move(options)));
    return peer;
  }

  // Runs with a connection that calls as the command line itself.
  int AsOperator(const std::string& words, const ServerOptions& server,
                 const std::function<int(const Connection&, const Peer&)>& run, Address address = &LeadershipAddress) const {
    absl::StatusOr<Peer> peer = Connect(server, address);
    if (!peer.ok()) return Fail(words, peer.status());
    absl::StatusOr<std::string> token = OperatorToken(*peer->signer);
    if (!token.ok()) return Fail(words, token.status());
    return run({peer->client.get(), *std::move(token)}, *peer);
  }

  int Fail(const std::string& words, const absl::Status& status) const {
    PrintError(console_, words, status);
    return app::kExitFailure;
  }
  int Usage(const std::string& words, std::string_view problem) const {
    *console_.err << words << ": " << problem << "; --help shows how it is used\n";
    return app::kExitUsage;
  }

  app::AppBuilder& builder_;
  app::Service& service_;
  const Console console_;
};

void Commands::Add(const std::string& words, const std::string& arguments_help, const std::string& help, std::size_t arguments,
                   const std::function<Run(app::ConfigTable& table)>& make) {
  // Filled once the command's table is there.
  auto run = std::make_shared<std::function<int(const std::vector<std::string>&)>>();
  app::ConfigTable& table =
      service_.AddCommand(words, arguments_help, help, [run](const std::vector<std::string>& given) { return (*run)(given); });
  *run = [this, self = shared_from_this(), words, arguments_help, arguments, server = ServerOptions(table),
          command = make(table)](const std::vector<std::string>& given) {
    if (given.size() != arguments) {
      return Usage(words, arguments == 0 ? "takes no arguments" : absl::StrCat("takes one argument, ", arguments_help));
    }
    return command(server, given);
  };
}

void Commands::AddImport(const std::string& words, const std::string& file, const std::string& help, Import import) {
  Add(words, file, help, 1, [=, this](app::ConfigTable& table) -> Run {
    const auto trust = table.Text("trust", "", "Trust that the file is for: its id, such as acorn. Required.");
    const auto dry_run = table.Bool("dry_run", false, "Checks everything and writes nothing.");
    return [=, this](const ServerOptions& server, const std::vector<std::string>& arguments) {
      if (trust->empty()) return Usage(words, "--trust is required");
      const absl::StatusOr<std::string> name = TrustName(*trust);
      if (!name.ok()) return Usage(words, "--trust must be an id, such as acorn");
      return AsOperator(words, server, [&](const Connection& connection, const Peer&) {
        return import(connection, console_, {.trust = *name, .path = arguments[0], .dry_run = *dry_run});
      });
    };
  });
}

void Commands::AddAssessmentImport(const std::string& words, const std::string& help, assessment::v1::ImportKind kind) {
  Add(words, "FILE.csv", help, 1, [=, this](app::ConfigTable& table) -> Run {
    const auto trust = table.Text("trust", "", "Trust that the file is for: its id, such as acorn. Required.");
    const auto mapping =
        table.Text("mapping", "", "How its columns are read: id of a saved mapping, or a file NAME.json with one. Required.");
    const auto start_date = table.Text("start_date", "", "First day of what is new and has none in the file; empty: today.");
    const auto window = table.Text("window", "", "For results: id of the window, where the file names none.");
    const auto subject = table.Text("subject", "", "For results: id of the subject, where the file names none.");
    const auto dry_run = table.Bool("dry_run", false, "Checks everything and writes nothing.");
    return [=, this](const ServerOptions& server, const std::vector<std::string>& arguments) {
      const absl::StatusOr<std::string> name = TrustName(*trust);
      if (!name.ok()) return Usage(words, "--trust must be an id, such as acorn");
      if (mapping->empty()) return Usage(words, "--mapping is required");
      return AsOperator(
          words, server,
          [&](const Connection& connection, const Peer&) {
            return ImportAssessmentFile(connection, console_,
                                        {.trust = *name,
                                         .path = arguments[0],
                                         .kind = kind,
                                         .mapping = *mapping,
                                         .window = *window,
                                         .subject = *subject,
                                         .start_date = *start_date,
                                         .dry_run = *dry_run});
          },
          &AssessmentAddress);
    };
  });
}

void Commands::AddTrustCreate() {
  const std::string words = "trust create";
  Add(words, "ID", "Creates a trust, or changes the name or the group code of one that exists.", 1,
      [=, this](app::ConfigTable& table) -> Run {
        const auto display_name = table.Text("name", "", "What the trust is called. Required for a new one.");
        const auto group_code =
            table.Text("group_code", "", "The trust's id in the DfE's register, by which its schools are known there.");
        return [=, this](const ServerOptions& server, const std::vector<std::string>& arguments) {
          const absl::StatusOr<std::string> name = TrustName(arguments[0]);
          if (!name.ok()) return Usage(words, "ID must be lower-case letters, digits and hyphens");
          return AsOperator(words, server, [&](const Connection& connection, const Peer&) {
            return CreateTrust(connection, console_, {.trust = *name, .display_name = *display_name, .group_code = *group_code});
          });
        };
      });
}

void Commands::AddDemoLoad() {
  const std::string words = "demo load";
  Add(words, "", "Loads the demonstration trust: seven schools with a year of records, every person and pupil invented.", 0,
      [=, this](app::ConfigTable& table) -> Run {
        const auto schools =
            table.Number("schools", demo::kStorySchools, demo::kStorySchools, demo::kMaxSchools,
                         "How many schools. More than seven are to see what a large trust is like: those beyond are "
                         "much like the first seven, with people and pupils of their own.");
        // Leadership is --server.
        std::vector<std::pair<std::string, app::Value<std::string>>> others;
        for (const std::string name : {"assessment", "cpd", "welfare"}) {
          others.emplace_back(name, table.Text(name + "_server", "",
                                               "host:port of the " + name +
                                                   " service; empty: where that of this configuration listens. Without an address "
                                                   "its records are left out."));
        }
        return [=, this](const ServerOptions& server, const std::vector<std::string>&) {
          return AsOperator(words, server, [&](const Connection&, const Peer& peer) {
            demo::DemoServices services{.leadership = peer.client.get()};
            rpc::Client** const places[] = {&services.assessment, &services.cpd, &services.welfare};
            std::vector<std::unique_ptr<rpc::Client>> clients;
            for (std::size_t i = 0; i < others.size(); ++i) {
              rpc::ClientOptions options;
              options.target = *others[i].second;
              if (options.target.empty()) options.target = SettingText(builder_.config(), others[i].first + "_grpc_listen");
              if (options.target.empty()) continue;
              options.tls = service_.tls();
              absl::StatusOr<std::unique_ptr<rpc::Client>> client = rpc::Client::Connect(std::move(options));
              if (!client.ok()) return Fail(words, client.status());
              *places[i] = clients.emplace_back(*std::move(client)).get();
            }
            return LoadDemonstration(services, *peer.signer, console_, service_.clock()(), static_cast<int>(*schools));
          });
        };
      });
}

void Commands::AddToken() {
  const std::string words = "token";
  Add(words, "", "Prints a short-lived identity token for scripts.", 0, [=, this](app::ConfigTable& table) -> Run {
    const auto person =
        table.Text("person", "", "Person to whom it belongs: trusts/{trust}/people/{person}. With the roles that count now.");
    const auto as_operator = table.Bool("operator", false, "A token of the command line itself, which may set up trusts.");
    return [=, this](const ServerOptions& server, const std::vector<std::string>&) {
      if (person->empty() != *as_operator) return Usage(words, "takes either --person or --operator");
      if (*as_operator) {
        const auto signer = Signer(server);
        return signer.ok() ? PrintOperatorToken(**signer, console_) : Fail(words, signer.status());
      }
      const absl::StatusOr<Peer> peer = Connect(server);
      if (!peer.ok()) return Fail(words, peer.status());
      const absl::StatusOr<std::string> token = ServiceToken(*peer->signer);
      if (!token.ok()) return Fail(words, token.status());
      return PrintPersonToken({peer->client.get(), *token}, *peer->signer, console_, *person);
    };
  });
}

}  // namespace

absl::Status RegisterCli(app::AppBuilder& builder) {
  app::Service& service = builder.AddService("cli", app::AppBuilder::Kind::kFace);
  const auto commands = std::make_shared<Commands>(builder, service);
  commands->AddImport("import schools", "FILE.csv",
                      "Takes the trust's schools from the DfE's register (Get Information About Schools). All rows or none.",
                      &ImportSchools);
  commands->AddImport("import people", "FILE.csv",
                      "Takes people and their posts from a list with the columns given name, family name, email, post, kind, "
                      "school urn and start date. "
                      "All rows or none.",
                      &ImportPeople);
  commands->AddImport("import bank-holidays", "FILE.json",
                      "Takes the bank holidays of England and Wales as the government publishes them.", &ImportBankHolidays);
  commands->AddAssessmentImport("import pupils", "Takes pupils with their schools and classes. All rows or none.",
                                assessment::v1::PUPILS);
  commands->AddAssessmentImport("import groups", "Takes who belongs to which group of pupils. All rows or none.",
                                assessment::v1::GROUPS);
  commands->AddAssessmentImport("import results", "Takes results. All rows or none; the same file twice changes nothing.",
                                assessment::v1::RESULTS);
  commands->AddTrustCreate();
  commands->AddDemoLoad();
  commands->AddToken();
  return absl::OkStatus();
}

}  // namespace fivestrand::cli

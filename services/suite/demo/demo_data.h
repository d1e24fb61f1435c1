// What the demonstration trust is made of: names, subjects, focuses, and the seven schools with their habits. Internal to the
// demonstration.
#ifndef FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_DATA_H_
#define FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_DATA_H_

#include <array>

#include "fivestrand/type/v1/school.pb.h"

#include "services/suite/demo/demo_plan.h"

namespace fivestrand::demo {

using type::v1::Phase;
using type::v1::YearGroup;

inline constexpr std::array kGiven = {"Amina",   "Ben",    "Chloe", "Daniel",   "Elif",   "Farah",  "George", "Hannah",
                                      "Imran",   "Jodie",  "Kwame", "Lucy",     "Marek",  "Nadia",  "Oliver", "Priya",
                                      "Rhys",    "Sadia",  "Tom",   "Uma",      "Victor", "Wei",    "Yusuf",  "Zoe",
                                      "Aoife",   "Callum", "Dina",  "Ewan",     "Fiona",  "Gareth", "Helen",  "Ishaan",
                                      "Jasmine", "Kofi",   "Leah",  "Mohammed", "Niamh",  "Owen",   "Petra",  "Ruth"};
inline constexpr std::array kFamily = {"Adeyemi", "Baker",     "Clarke",  "Dhillon", "Edwards",   "Fofana",  "Green",  "Hughes",
                                       "Iqbal",   "Jones",     "Kaur",    "Lewis",   "Mensah",    "Nowak",   "Osman",  "Patel",
                                       "Quinn",   "Rahman",    "Shah",    "Taylor",  "Umar",      "Vaughan", "Walker", "Xu",
                                       "Young",   "Zielinski", "Ahmed",   "Bennett", "Chowdhury", "Davies",  "Evans",  "Fletcher",
                                       "Grant",   "Hassan",    "Ivanova", "Jenkins", "Khan",      "Lawson",  "Morgan", "Okafor"};
inline constexpr std::array kTrees = {"Ash", "Beech", "Cedar", "Elm", "Hazel", "Maple"};

struct SubjectRow {
  const char* id;
  const char* title;
  bool core;
};
inline constexpr SubjectRow kSubjects[] = {{"english", "English", true},
                                           {"maths", "Maths", true},
                                           {"science", "Science", true},
                                           {"history", "History", false},
                                           {"geography", "Geography", false},
                                           {"art", "Art and design", false},
                                           {"music", "Music", false},
                                           {"pe", "PE", false},
                                           {"computing", "Computing", false},
                                           {"languages", "Languages", false},
                                           {"re", "RE", false},
                                           {"writing", "Writing", true}};

struct FocusRow {
  const char* id;
  const char* title;
  const char* description;
};
inline constexpr FocusRow kFocuses[] = {
    {"routines", "Routines and calm starts", "Pupils know what to do on entry; learning begins at once."},
    {"modelling", "Explaining and modelling", "New ideas in small steps, with worked examples thought aloud."},
    {"checking", "Checking for understanding", "Every pupil answers; the teacher acts on what comes back."},
    {"practice", "Practice that sticks", "Enough guided, then independent practice, with a high success rate."},
    {"adaptive", "Adaptive teaching", "The same ambitious aim for all; support and challenge where needed."},
    {"talk", "Talk and vocabulary", "Pupils speak in full sentences and use the subject's words."},
    {"books", "Work in books", "Work shows the intended curriculum, pride and progress."}};

struct SchoolRow {
  const char* id;
  int urn, establishment, ukprn;
  const char* title;
  Phase phase;
  int low_age, high_age, pupils, capacity;
  YearGroup first, last;
  int staff;
  bool two_week_october;
  Habits habits;
};

// drop_in, second, senior, break, start, end, modelled, drift, executive weeks, ceo weeks
inline const SchoolRow kSchools[kStorySchools] = {
    {"hazelmere",
     999101,
     2001,
     99999101,
     "Hazelmere Primary School",
     type::v1::PHASE_PRIMARY,
     3,
     11,
     412,
     432,
     type::v1::YEAR_GROUP_R,
     type::v1::YEAR_GROUP_6,
     54,
     false,
     {0.93, 0.45, 0.45, 0.85, 0.95, 0.85, 1.6, 0.03, 1, 4}},
    {"st-brannocs",
     999102,
     2002,
     99999102,
     "St Brannoc’s Church of England Primary Academy",
     type::v1::PHASE_PRIMARY,
     4,
     11,
     208,
     218,
     type::v1::YEAR_GROUP_R,
     type::v1::YEAR_GROUP_6,
     31,
     false,
     {0.72, 0.2, 0.3, 0.8, 0.9, 0.75, 0.8, -0.25, 1.5, 6}},
    {"ashdown-infant",
     999103,
     2003,
     99999103,
     "Ashdown Infant School",
     type::v1::PHASE_PRIMARY,
     4,
     7,
     178,
     186,
     type::v1::YEAR_GROUP_R,
     type::v1::YEAR_GROUP_2,
     29,
     false,
     {0.86, 0.35, 0.4, 0.9, 0.97, 0.9, 1.3, 0.05, 2, 6}},
    {"ashdown-junior",
     999104,
     2004,
     99999104,
     "Ashdown Junior School",
     type::v1::PHASE_PRIMARY,
     7,
     11,
     236,
     247,
     type::v1::YEAR_GROUP_3,
     type::v1::YEAR_GROUP_6,
     33,
     false,
     {0.58, 0.15, 0.25, 0.55, 0.6, 0.5, 0.5, 0.35, 2, 6}},
    {"northgate",
     999105,
     4001,
     99999105,
     "Northgate Academy",
     type::v1::PHASE_SECONDARY,
     11,
     16,
     905,
     950,
     type::v1::YEAR_GROUP_7,
     type::v1::YEAR_GROUP_11,
     118,
     true,
     {0.66, 0.35, 0.5, 0.75, 0.7, 0.8, 0.6, 0.15, 1, 3}},
    {"kingsbridge",
     999106,
     4002,
     99999106,
     "Kingsbridge School",
     type::v1::PHASE_SECONDARY,
     11,
     18,
     1284,
     1348,
     type::v1::YEAR_GROUP_7,
     type::v1::YEAR_GROUP_13,
     168,
     true,
     {0.5, 0.25, 0.45, 0.6, 0.55, 0.7, 0.4, 0.1, 2, 5}},
    {"the-orchard",
     999107,
     7001,
     99999107,
     "The Orchard School",
     type::v1::PHASE_NOT_APPLICABLE,
     4,
     19,
     121,
     127,
     type::v1::YEAR_GROUP_1,
     type::v1::YEAR_GROUP_11,
     62,
     false,
     {0.88, 0.3, 0.35, 0.92, 0.95, 0.95, 1.1, 0.0, 7, 12}},
};

}  // namespace fivestrand::demo

#endif  // FIVESTRAND_SERVICES_SUITE_DEMO_DEMO_DATA_H_
